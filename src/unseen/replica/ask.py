"""Asks a feed for its pages over HTTP. What comes back is bytes, at most as many as a page may have; whether they are
believed is decided elsewhere.
"""

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519

from unseen.feed.page import PAGE_BYTES_MAX, PAGE_TYPE
from unseen.feed.refusals import RolledBackPage
from unseen.replica.errors import AskFailed, ReplicaError
from unseen.replica.peer import Peer

PATH = "/exchange/v1/page"
KEY_HEADER = "X-Unseen-Key"
_COVERED = ("@method", "@authority", "@path", "@query")
_TIMES = httpx2.Timeout(10.0)  # to connect, and for each piece
_WHOLE_S = 60.0  # a page of 440 KB in a minute is slower than any line that a platform has

logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would name the location of each request


class Asking:
    """One connection to the feed, kept open between pages."""

    def __init__(self, peer: Peer) -> None:
        """Raises ReplicaError where the key cannot be read."""
        self._peer = peer
        self._signer = _signer(Path(peer.key_file)) if peer.key_file else None
        self._client = httpx2.Client(timeout=_TIMES, follow_redirects=False, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def page(self, after: int, wall_s: float, fresh: bool = False) -> bytes:
        """The page that begins at line `after`. `fresh`: whoever stands between may not answer from what it keeps (RFC 9111,
        5.2.1.4). `wall_s`: Unix seconds, for the signature. Raises AskFailed, and RolledBackPage where the feed says that it
        has fewer lines.
        """
        headers = {"Accept": PAGE_TYPE, "Accept-Encoding": "identity"}
        if self._peer.api_key and not self._signer:
            headers[KEY_HEADER] = self._peer.api_key
        if fresh:
            headers["Cache-Control"] = "no-cache"
        request = self._client.build_request(
            "GET", f"{self._peer.address}{PATH}?after={after}", headers=headers
        )
        if self._signer:
            self._signer.sign(request, wall_s)
        with _named_trouble():
            response = self._client.send(request, stream=True)
            try:
                return _body(response)
            finally:
                response.close()


def _body(response: httpx2.Response) -> bytes:
    if response.status_code == 409:
        raise RolledBackPage("the feed says that it has fewer lines than were accepted before")
    if response.status_code != 200:
        raise AskFailed(f"the feed answered {response.status_code} instead of a page")
    if response.headers.get("content-type", "").partition(";")[0].strip() != PAGE_TYPE:
        raise AskFailed("the feed answered something else than a page")
    pieces, size, begun = [], 0, time.monotonic()
    for piece in response.iter_raw():
        pieces.append(piece)
        size += len(piece)
        if size > PAGE_BYTES_MAX:
            raise AskFailed(f"the feed answered more than {PAGE_BYTES_MAX} bytes")
        if time.monotonic() - begun > _WHOLE_S:
            raise AskFailed(f"the feed took longer than {_WHOLE_S:.0f} s to answer")
    return b"".join(pieces)


@contextmanager
def _named_trouble() -> Iterator[None]:
    try:
        yield
    except httpx2.HTTPError as trouble:
        raise AskFailed(f"the feed could not be reached ({type(trouble).__name__})") from None


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._key


class _Signer:
    """Signs requests as RFC 9421 says, with Ed25519. Its keyid is the public key in hex."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._name = key.public_key().public_bytes_raw().hex()
        self._signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_OneKey(key))

    def sign(self, request: Any, wall_s: float) -> None:
        self._signer.sign(
            request,
            key_id=self._name,
            created=datetime.fromtimestamp(int(wall_s), UTC),
            nonce=secrets.token_urlsafe(16),
            label="unseen",
            covered_component_ids=_COVERED,
        )


def _signer(path: Path) -> _Signer:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ReplicaError(f"{path} holds no Ed25519 private key (PEM, without password): check --key")
    return _Signer(key)
