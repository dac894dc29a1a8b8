import hashlib

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from unseen.exchange.actions import add_peer
from unseen.exchange.models import Peer
from unseen.intake.tests.reports import NOON
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db
FEED = "/api/exchange/feed"


def test_without_a_key_or_with_a_wrong_one_nothing_is_told(client: Client) -> None:
    key = add_peer("Platform Example", NOON)
    headers = [{}, {"X-Unseen-Key": ""}, {"X-Unseen-Key": key[:-1]}, {"X-Unseen-Key": "\xff\x00"}]
    headers += [{"Authorization": f"Bearer {key}"}]
    for wrong in headers:
        answer = client.get(FEED, headers=wrong)
        assert answer.status_code == 401
        assert answer["Cache-Control"] == "no-store"
    assert client.get(f"{FEED}?X-Unseen-Key={key}").status_code == 401
    assert client.get(FEED, headers={"X-Unseen-Key": key}).status_code == 200


def test_the_key_is_stored_only_as_a_digest_and_its_issue_is_told() -> None:
    key = add_peer("Platform Example", NOON)
    peer = Peer.objects.get()
    assert key not in str(Peer.objects.values().get())
    assert peer.key_digest == hashlib.sha256(key.encode()).hexdigest()
    assert [told.tag for told in life_of(about("peer", peer.pk))] == ["peer:key:issued"]


def test_a_name_is_given_to_one_peer() -> None:
    add_peer("Platform Example", NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        add_peer("Platform Example", NOON)


def test_a_removed_peer_reads_nothing_more(client: Client) -> None:
    key = add_peer("Platform Example", NOON)
    Peer.objects.all().delete()
    assert client.get(FEED, headers={"X-Unseen-Key": key}).status_code == 401


@pytest.mark.parametrize("cursor", ["-1", str(2**63), str(10**300), "x", "", "0x10", "1.5"])
def test_a_cursor_that_is_none_of_ours_does_no_harm(client: Client, cursor: str) -> None:
    key = add_peer("Platform Example", NOON)
    answer = client.get(FEED, {"cursor": cursor}, headers={"X-Unseen-Key": key})
    assert answer.status_code in {200, 422}
    assert answer.json().get("entries", []) == []
