from datetime import datetime, timedelta

import pytest

from unseen.domain.limits import FEED_KEY_ANNOUNCED_FOR, FEED_KEY_LASTS, REQUEST_LASTS
from unseen.exchange import due
from unseen.exchange.actions.peers import is_first
from unseen.exchange.actions.signing import rotate
from unseen.exchange.models import SeenNonce, SigningKey
from unseen.exchange.pages import NoSigningKey, page_after
from unseen.exchange.tests.peer import PeerReader
from unseen.feed.follow import accept
from unseen.feed.refusals import ForgedPage
from unseen.intake.tests.reports import NOON
from unseen.keys.box import Sealed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def heartbeat(peer: PeerReader, at: datetime) -> None:
    raw = page_after(peer.row, peer.state.frontier.size, at)
    peer.state, _ = accept(peer.state, raw, int(at.timestamp()))


def signed_by(raw: bytes) -> str:
    return raw.split(b"\n")[2].split()[1].decode()


def test_a_follower_that_asks_now_and_then_never_notices_a_change() -> None:
    peer = PeerReader()
    before = signed_by(page_after(peer.row, 0, NOON))
    rotate(NOON)
    for days in (0, 20, 31, 59, 61, 90):
        heartbeat(peer, NOON + days * DAY)
    assert signed_by(page_after(peer.row, 0, NOON + 29 * DAY)) == before
    assert signed_by(page_after(peer.row, 0, NOON + 31 * DAY)) != before
    assert len(peer.state.keys) == 1


def test_the_worker_makes_a_successor_in_time_and_one_only() -> None:
    peer = PeerReader()
    late = NOON + FEED_KEY_LASTS - 2 * FEED_KEY_ANNOUNCED_FOR + DAY
    assert due.do_due(NOON + DAY, "one") == 0
    assert due.do_due(late, "one") == 1
    assert due.do_due(late + DAY, "one") == 0
    heartbeat(peer, late)
    heartbeat(peer, NOON + FEED_KEY_LASTS + DAY)


def test_a_worker_that_was_away_leaves_no_day_without_a_key() -> None:
    peer = PeerReader()
    late = NOON + FEED_KEY_LASTS - 10 * DAY
    assert due.do_due(late, "one") == 1
    for days in (0, 9, 10, 11, 40):
        heartbeat(peer, late + days * DAY)


def test_a_key_that_was_stolen_ends_at_once() -> None:
    peer = PeerReader()
    rotate(NOON, at_once=True)
    with pytest.raises(ForgedPage):
        heartbeat(peer, NOON)


def test_without_a_key_nothing_is_signed() -> None:
    peer = PeerReader()
    with pytest.raises(NoSigningKey, match="feed-keys rotate"):
        page_after(peer.row, 0, NOON + FEED_KEY_LASTS)


def test_the_private_half_and_a_peers_secret_are_sealed_in_the_table() -> None:
    peer = PeerReader()
    (stored,) = SigningKey.objects.values_list("private", flat=True)
    assert isinstance(stored, Sealed)
    assert SigningKey.objects.get().private not in bytes(stored)
    assert peer.row.secret not in bytes(type(peer.row).objects.values_list("secret", flat=True)[0])


def test_nonces_of_old_requests_are_forgotten() -> None:
    peer = PeerReader()
    assert is_first(peer.row, "0123456789abcdef", NOON)
    due.do_due(NOON + REQUEST_LASTS, "one")
    assert not is_first(peer.row, "0123456789abcdef", NOON)
    due.do_due(NOON + 3 * REQUEST_LASTS, "one")
    assert not SeenNonce.objects.exists()
