"""Passkeys (WebAuthn Level 2): what the browser is asked, and whether its answer is true. Keeps and writes nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

_VERIFIED = UserVerificationRequirement.REQUIRED  # the finger or the PIN is the second factor
_NAME_OF_THE_DESK = "Desk"


class NotTrue(Exception):
    """The browser's answer is not for this question, this site or this key."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the browser, and what must be kept (out of its reach) until the answer comes."""

    question: str  # JSON for the browser
    kept: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that was just made."""

    credential_id: bytes
    credential: bytes


def ask_for_new(host: str, name: str, number: int, known: Iterable[bytes]) -> Asked:
    """Ask for a new passkey on this host that is none of the known ones."""
    person = PublicKeyCredentialUserEntity(name=name, id=str(number).encode(), display_name=name)
    options, kept = _server(host).register_begin(
        person,
        [AttestedCredentialData(one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    return Asked(json.dumps(dict(options)["publicKey"]), json.dumps(kept))


def new_key(host: str, kept: str, answer: str) -> NewKey:
    """The passkey in the browser's answer. Raises NotTrue."""
    try:
        data = _server(host).register_complete(json.loads(kept), json.loads(answer)).credential_data
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise NotTrue(str(error)) from error
    assert data is not None, "a registration always carries one"
    return NewKey(bytes(data.credential_id), bytes(data))


def ask_for_any(host: str) -> Asked:
    """Ask for any passkey of this host: no name is typed, so none can be tried out."""
    options, kept = _server(host).authenticate_begin(user_verification=_VERIFIED)
    return Asked(json.dumps(dict(options)["publicKey"]), json.dumps(kept))


def claimed_id(answer: str) -> bytes:
    """Which passkey the answer says it is from. Raises NotTrue."""
    try:
        claimed = json.loads(answer)["rawId"]
        return websafe_decode(str(claimed))
    except (ValueError, KeyError, TypeError) as error:
        raise NotTrue("the answer names no passkey") from error


def uses_shown(host: str, kept: str, answer: str, credential: bytes) -> int:
    """The counter that the key shows in a true answer. Raises NotTrue."""
    try:
        data = AttestedCredentialData(credential)
        _server(host).authenticate_complete(json.loads(kept), [data], json.loads(answer))
        shown = AuthenticationResponse.from_dict(json.loads(answer)).response.authenticator_data
        return int(shown.counter)
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise NotTrue(str(error)) from error


def _server(host: str) -> Fido2Server:
    """Bound to the host alone: a look-alike site gets no answer from any key."""
    return Fido2Server(PublicKeyCredentialRpEntity(name=_NAME_OF_THE_DESK, id=host))
