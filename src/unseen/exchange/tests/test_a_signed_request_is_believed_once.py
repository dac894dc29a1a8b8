from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519

from unseen.exchange.actions.peers import add_peer, revoke_peer
from unseen.exchange.models import Peer
from unseen.exchange.signed_requests import COVERED
from unseen.exchange.tests.peer import FEEDBACK, PAGE
from unseen.feed.signing import Signer
from unseen.intake.tests.reports import NOON

pytestmark = pytest.mark.django_db
NONCE = "0123456789abcdef"
BODY = b'{"entry": "%s", "verdict": "blocked"}' % (b"ab" * 16)


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, signer: Signer) -> None:
        self.signer = signer

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signer.private)


@dataclass
class Sent:
    method: str = "GET"
    path: str = f"{PAGE}?after=0"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://testserver{self.path}"

    def go(self) -> int:
        if self.method == "GET":
            return Client().get(self.path, headers=self.headers).status_code
        headers = {key: value for key, value in self.headers.items() if key.lower() != "content-type"}
        return (
            Client().post(self.path, self.body, content_type="application/json", headers=headers).status_code
        )


@pytest.fixture
def signer() -> Signer:
    made = Signer.new()
    assert add_peer("Platform Example", NOON, public_key=made.key(0).public) == ""
    return made


def signed(
    signer: Signer,
    sent: Sent,
    *,
    nonce: str | None = NONCE,
    at: datetime = NOON,
    covered: tuple[str, ...] = COVERED,
) -> Sent:
    signing = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=Keys(signer))
    signing.sign(
        sent,
        key_id=signer.key(0).public.hex(),
        created=at,
        nonce=nonce,
        covered_component_ids=covered,
        body=sent.body or None,
    )
    return sent


def test_a_signed_request_is_believed_once(signer: Signer) -> None:
    sent = signed(signer, Sent())
    assert sent.go() == 200
    assert sent.go() == 401
    assert signed(signer, Sent(), nonce=NONCE[::-1]).go() == 200


def test_a_body_is_covered_by_the_signature(signer: Signer) -> None:
    post = signed(signer, Sent("POST", FEEDBACK, BODY))
    assert post.go() == 404  # believed, and no such entry
    other = signed(signer, Sent("POST", FEEDBACK, BODY), nonce=NONCE[::-1])
    other.body = BODY.replace(b"blocked", b"broken")
    assert other.go() == 401


def test_what_is_not_covered_could_be_changed_and_is_not_believed(signer: Signer) -> None:
    for left_out in COVERED:
        covered = tuple(one for one in COVERED if one != left_out)
        assert signed(signer, Sent(), covered=covered).go() == 401, left_out
    moved = signed(signer, Sent())
    moved.path = f"{PAGE}?after=1"
    assert moved.go() == 401


@pytest.mark.parametrize("late_s", [301, -61])
def test_what_was_signed_at_another_time_is_not_believed(signer: Signer, late_s: int) -> None:
    assert signed(signer, Sent(), at=NOON - timedelta(seconds=late_s)).go() == 401


@pytest.mark.parametrize("nonce", [None, "short", "x" * 65])
def test_a_nonce_is_needed(signer: Signer, nonce: str | None) -> None:
    assert signed(signer, Sent(), nonce=nonce).go() == 401


def test_another_key_and_a_revoked_peer_open_nothing(signer: Signer) -> None:
    assert signed(Signer.new(), Sent()).go() == 401
    revoke_peer(Peer.objects.get(), NOON)
    assert signed(signer, Sent()).go() == 401
