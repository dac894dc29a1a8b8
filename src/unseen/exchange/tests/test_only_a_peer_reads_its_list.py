import hashlib

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from unseen.domain.feed import Scope
from unseen.exchange.actions.peers import add_peer, revoke_peer
from unseen.exchange.models import Peer
from unseen.exchange.tests.peer import FEEDBACK, PAGE, PeerReader
from unseen.intake.tests.reports import NOON
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db


def test_without_a_key_or_with_a_wrong_one_nothing_is_told(client: Client) -> None:
    key = PeerReader().key
    headers = [{}, {"X-Unseen-Key": ""}, {"X-Unseen-Key": key[:-1]}, {"X-Unseen-Key": "\xff\x00"}]
    headers += [{"Authorization": f"Bearer {key}"}, {"Signature-Input": "a", "Signature": "b"}]
    for wrong in headers:
        answer = client.get(PAGE, headers=wrong)
        assert answer.status_code == 401
        assert answer["Cache-Control"] == "no-store"
    assert client.get(f"{PAGE}?X-Unseen-Key={key}").status_code == 401
    assert client.get(PAGE, headers={"X-Unseen-Key": key}).status_code == 200


def test_the_key_is_stored_only_as_a_digest_and_its_issue_is_told() -> None:
    key = PeerReader().key
    peer = Peer.objects.get()
    assert key not in str(Peer.objects.values().get())
    assert peer.key_digest == hashlib.sha256(key.encode()).hexdigest()
    assert [told.tag for told in life_of(about("peer", peer.pk))] == ["peer:key:issued"]


def test_a_name_is_given_to_one_peer() -> None:
    add_peer("Platform Example", NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        add_peer("Platform Example", NOON)


def test_a_revoked_key_opens_nothing_from_the_next_request_on(client: Client) -> None:
    peer = PeerReader()
    assert client.get(PAGE, headers={"X-Unseen-Key": peer.key}).status_code == 200
    revoke_peer(peer.row, NOON)
    assert client.get(PAGE, headers={"X-Unseen-Key": peer.key}).status_code == 401
    assert peer.say(b"x" * 16, "blocked").status_code == 401


def test_a_key_is_good_for_what_it_was_given_for(client: Client) -> None:
    reads, says = PeerReader("One", scopes=[Scope.FEED]), PeerReader("Two", scopes=[Scope.FEEDBACK])
    assert reads.say(b"x" * 16, "blocked").status_code == 403
    assert client.get(PAGE, headers={"X-Unseen-Key": says.key}).status_code == 403


def test_a_list_begins_with_a_signed_head_without_lines() -> None:
    peer = PeerReader()
    assert len(peer.page()) == 0
    assert peer.state.may_act_until == NOON.timestamp() + 86_400


@pytest.mark.parametrize("after", ["-1", str(2**63), str(10**300), "x", "", "0x10", "1.5", "1"])
def test_a_place_that_is_none_of_the_list_does_no_harm(client: Client, after: str) -> None:
    answer = client.get(PAGE, {"after": after}, headers={"X-Unseen-Key": PeerReader().key})
    assert answer.status_code == (409 if after == "1" else 422)


def test_the_list_is_read_only(client: Client) -> None:
    headers = {"X-Unseen-Key": PeerReader().key}
    assert client.post(PAGE, headers=headers).status_code == 405
    assert client.delete(PAGE, headers=headers).status_code == 405
    assert client.get(FEEDBACK, headers=headers).status_code == 405
