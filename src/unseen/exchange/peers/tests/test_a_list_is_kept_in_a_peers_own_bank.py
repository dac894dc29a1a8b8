from collections.abc import Iterator
from datetime import timedelta

import pytest

from unseen.exchange.actions.peers import add_peer
from unseen.exchange.models import FeedEntry, Peer
from unseen.exchange.names import marked, names_of
from unseen.exchange.peers.exports import live
from unseen.exchange.peers.hma.adapter import push
from unseen.exchange.peers.hma.client import HmaClient
from unseen.exchange.peers.models import Pushed
from unseen.exchange.peers.record import PeerTrouble
from unseen.exchange.peers.tests.reaching import service
from unseen.exchange.tests.peer import work
from unseen.exchange.tests.test_a_list_says_what_it_may import drawn, many
from unseen.intake.actions import withdraw_report
from unseen.intake.tests.reports import HOUR, NOON, a_report, picture
from unseen.testing.services.hma import Hma, running_hma

pytestmark = pytest.mark.django_db
BANK = "UNSEEN"


@pytest.fixture
def hma() -> Iterator[Hma]:
    with running_hma() as made:
        made.banks.add(BANK)
        yield made


@pytest.fixture
def peer() -> Peer:
    add_peer("Platform Example", NOON)
    return Peer.objects.get()


def client(hma: Hma) -> HmaClient:
    return HmaClient(service(hma.port), BANK)


def wanted(peer: Peer) -> list[str]:
    return sorted(record.value.hex() for record in live(peer, NOON))


def test_what_lives_is_added_once_with_the_peers_marks(hma: Hma, peer: Peer) -> None:
    a_report(picture(*many(3)), share=True)
    work()
    assert push(client(hma), peer, NOON).added == 4  # three and a canary
    assert push(client(hma), peer, NOON).added == 0
    assert hma.matching(BANK) == wanted(peer)
    entry = FeedEntry.objects.order_by("pk").first()
    assert entry is not None
    assert entry.bank_entry is not None
    (name,) = names_of(peer.secret, [entry.pk])
    assert marked(peer.secret, name, 0, entry.bank_entry.pdq).hex() in hma.matching(BANK)


def test_what_is_withdrawn_is_switched_off(hma: Hma, peer: Peer) -> None:
    a_report(picture(drawn(1)), share=True)
    report = a_report(picture(drawn(2)), share=True)
    work()
    push(client(hma), peer, NOON)
    withdraw_report(report, NOON)
    assert push(client(hma), peer, NOON).disabled == 1
    assert hma.matching(BANK) == wanted(peer)
    assert len(hma.contents) == 3, "it stays listed"
    assert push(client(hma), peer, NOON).disabled == 0


def test_an_answer_that_was_lost_adds_nothing_twice(hma: Hma, peer: Peer) -> None:
    a_report(picture(drawn(1)), share=True)
    work()
    hma.lost_answers = 1
    with pytest.raises(PeerTrouble, match="502"):
        push(client(hma), peer, NOON)
    assert push(client(hma), peer, NOON + timedelta(minutes=1)).waiting == 1
    push(client(hma), peer, NOON + HOUR)
    assert hma.matching(BANK) == wanted(peer), "the one that was there is taken for ours"


def test_what_was_lost_and_then_withdrawn_takes_the_bank_with_it(hma: Hma, peer: Peer) -> None:
    report = a_report(picture(drawn(1)), share=True)
    work()
    (entry,) = names_of(peer.secret, [FeedEntry.objects.get().pk])
    for minutes in (
        0,
        10,
    ):  # the list is shuffled: the canary may come first, and is taken for ours in the second turn
        hma.lost_answers = 1
        with pytest.raises(PeerTrouble):
            push(client(hma), peer, NOON + timedelta(minutes=minutes))
        if Pushed.objects.filter(content=None, name=entry.hex()).exists():
            break
    assert len(hma.matching(BANK)) in {1, 2}
    withdraw_report(report, NOON)
    push(client(hma), peer, NOON + HOUR)
    assert hma.matching(BANK) == wanted(peer)
    assert len(hma.matching(BANK)) == 1


@pytest.mark.parametrize("bank", ["", "ours", "A/../B", "A B", "A" * 300])
def test_a_bank_has_a_name_that_fits_into_a_path(hma: Hma, bank: str) -> None:
    with pytest.raises(PeerTrouble, match="capital"):
        HmaClient(service(hma.port), bank)
