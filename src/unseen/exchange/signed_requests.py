"""Requests that a peer signs itself (HTTP Message Signatures, RFC 9421): nothing of ours can be stolen and used."""

from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.http import HttpRequest
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.algorithms import ED25519

from unseen.domain.limits import REQUEST_LASTS
from unseen.exchange.actions.peers import is_first
from unseen.exchange.models import Peer
from unseen.exchange.queries import living_peers

COVERED = ("@method", "@authority", "@path", "@query")
_CLOCKS_DIFFER = timedelta(seconds=60)
_NONCE_CHARACTERS_MIN, _NONCE_CHARACTERS_MAX = 16, 64


class _Message:
    """The request as the library reads one."""

    def __init__(self, request: HttpRequest) -> None:
        self.method = str(request.method)
        self.url = request.build_absolute_uri()
        self.headers = {name.lower(): value for name, value in request.headers.items()}


class _Keys(HTTPSignatureKeyResolver):
    """The peer's own key is the only one that counts."""

    def __init__(self) -> None:
        self.peer: Peer | None = None

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        """The key of the living peer whose public key this is, in hex."""
        self.peer = living_peers().filter(public_key=key_id).first()
        if self.peer is None:
            raise InvalidSignature("no peer has this key")
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key_id))


class _Verifier(HTTPMessageVerifier):
    """Asks the centre's clock and not the system's."""

    def __init__(self, keys: _Keys, now: datetime) -> None:
        super().__init__(signature_algorithm=ED25519, key_resolver=keys)
        self._now = now

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Made within the last minutes."""
        created = sig_input.params.get("created")
        if type(created) is not int:
            raise InvalidSignature("the signature does not say when it was made")
        age_s = self._now.timestamp() - created
        if not -_CLOCKS_DIFFER.total_seconds() <= age_s <= REQUEST_LASTS.total_seconds():
            raise InvalidSignature("the signature was made too long ago, or in the future")


def signing_peer(request: HttpRequest, now: datetime) -> Peer | None:
    """The peer that signed this request; None where nobody that we know did, or where it came a second time."""
    if "Signature-Input" not in request.headers:
        return None
    keys = _Keys()
    try:
        results = _Verifier(keys, now).verify(
            _Message(request), require_components=COVERED, body=request.body
        )
    except HTTPMessageSignaturesException:
        return None
    nonce = results[0].nonce if len(results) == 1 else None
    if keys.peer is None or nonce is None:
        return None
    if not _NONCE_CHARACTERS_MIN <= len(nonce) <= _NONCE_CHARACTERS_MAX:
        return None
    return keys.peer if is_first(keys.peer, nonce, now) else None
