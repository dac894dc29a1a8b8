from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from unseen.exchange.peers.actions import Taken, take_in
from unseen.exchange.peers.models import PeerEntry, PeerSource, Quarantined
from unseen.exchange.peers.ncmec.adapter import next_batch
from unseen.exchange.peers.ncmec.client import NcmecClient
from unseen.exchange.peers.record import PeerTrouble
from unseen.exchange.peers.service import basic
from unseen.exchange.peers.tests.formats import ONE, TWO
from unseen.exchange.peers.tests.reaching import service
from unseen.intake.tests.reports import HOUR, NOON
from unseen.testing.services.ncmec import NAME, PASSWORD, Entry, Ncmec, running_ncmec
from unseen.testing.services.server import Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ncmec() -> Iterator[Ncmec]:
    with running_ncmec() as made:
        yield made


def client(ncmec: Ncmec, password: str = PASSWORD) -> NcmecClient:
    return NcmecClient(service(ncmec.port, "/npo", basic(f"{NAME}:{password}")))


def read_all(ncmec: Ncmec, now: datetime = NOON) -> list[Taken]:
    taken = []
    while True:
        source = PeerSource.objects.filter(name="NCMEC").first()
        batch = next_batch(client(ncmec), source.cursor if source else "", now)
        taken.append(take_in("NCMEC", batch, now))
        if not batch.more or not taken[-1].cursor_moved:
            return taken


def entry(number: int, value: str, **given: object) -> Entry:
    prints = {"md5": "a1" * 16, "pdq": value}
    return Entry(f"image{number}", NOON - HOUR, prints, **given)  # type: ignore[arg-type]


def test_every_page_is_read_and_the_next_time_only_what_is_new(ncmec: Ncmec) -> None:
    ncmec.page_entries = 2
    ncmec.entries = [entry(at, ("%02x" % (at + 1)) * 32) for at in range(5)]
    assert [taken.added for taken in read_all(ncmec)] == [2, 2, 1]
    ncmec.entries.append(Entry("image9", NOON + HOUR, {"pdq": TWO}))
    ncmec.entries.append(Entry("image0", NOON + HOUR, deleted=True))
    assert [(taken.added, taken.withdrawn) for taken in read_all(ncmec, NOON + 2 * HOUR)] == [(1, 2)]
    assert sum(not row.withdrawn for row in PeerEntry.objects.all()) == 5


def test_an_entry_that_cannot_be_read_is_put_aside_by_its_name_and_the_rest_is_read(ncmec: Ncmec) -> None:
    ncmec.entries = [entry(1, "0" * 64), entry(2, "xyz"), entry(3, ONE)]
    (taken,) = read_all(ncmec)
    assert (taken.added, taken.quarantined, taken.cursor_moved) == (1, 2, True)
    assert {row.theirs for row in Quarantined.objects.all()} == {"42/image1/pdq", "42/image2/pdq"}


def test_an_entry_without_a_name_holds_the_cursor(ncmec: Ncmec) -> None:
    ncmec.entries = [Entry("x", NOON - HOUR, raw="<image><fingerprints/></image>"), entry(3, ONE)]
    (taken,) = read_all(ncmec)
    assert (taken.added, taken.cursor_moved) == (1, False)
    assert PeerSource.objects.get().cursor == ""


@pytest.mark.parametrize(
    "broken",
    [
        Answer(500),
        Answer(200, b"", "application/xml"),
        Answer(200, b"<queryResult>", "application/xml"),
        Answer(200, b"<html><body>log in</body></html>", "text/html"),
        Answer(200, b'<!DOCTYPE a [<!ENTITY b "c">]><queryResult>&b;</queryResult>', "application/xml"),
        Answer(302),
    ],
)
def test_an_answer_that_is_no_page_moves_nothing(ncmec: Ncmec, broken: Answer) -> None:
    ncmec.broken = broken
    with pytest.raises(PeerTrouble):
        read_all(ncmec)
    assert not PeerSource.objects.exists()


@pytest.mark.parametrize(
    "next_page", ["/v2/status", "http://other.example/v2/entries?x", "//other.example/", "@other.example/"]
)
def test_a_next_page_outside_the_list_is_not_followed(ncmec: Ncmec, next_page: str) -> None:
    with pytest.raises(PeerTrouble, match="outside"):
        next_batch(client(ncmec), f"page 2026-11-23T12:00:00Z {next_page}", NOON)
    assert ncmec.asked == []


def test_a_wrong_password_is_named(ncmec: Ncmec) -> None:
    with pytest.raises(PeerTrouble, match=r"401.*password"):
        next_batch(client(ncmec, "wrong"), "", NOON)


def test_who_we_are_and_what_we_say_of_an_entry(ncmec: Ncmec) -> None:
    asking = client(ncmec)
    assert asking.member() == "1"
    asking.say("42", "image1", "PDQ", affirmative=True)
    asking.say("42", "image1", "PDQ", affirmative=False, reason="01234567-abcd-0123-4567-012345678900")
    assert [said[:3] for said in ncmec.feedback] == [("42", "image1", "PDQ")] * 2
    assert "<affirmative/>" in ncmec.feedback[0][3]
    assert "<guid>01234567-abcd-0123-4567-012345678900</guid>" in ncmec.feedback[1][3]
    with pytest.raises(PeerTrouble, match="path"):
        asking.say("42", "../../status", "PDQ", affirmative=True)


def test_what_changes_in_the_last_seconds_is_left_for_the_next_time(ncmec: Ncmec) -> None:
    ncmec.entries = [Entry("image1", NOON - timedelta(seconds=2), {"pdq": ONE})]
    assert read_all(ncmec)[0].added == 0
    assert read_all(ncmec, NOON + HOUR)[0].added == 1
