import secrets

import pytest
from django.test import Client

from unseen.domain.fingerprint import Fingerprint
from unseen.exchange import actions, due
from unseen.exchange.models import FeedRow
from unseen.exchange.queries import PAGE_ROWS
from unseen.exchange.tests.peer import PeerReader, work
from unseen.hashbank.models import BankEntry
from unseen.intake.actions import withdraw_report
from unseen.intake.tests.reports import HOUR, NOON, a_report, picture
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db
MANY = PAGE_ROWS + 3


def many(count: int) -> tuple[Fingerprint, ...]:
    return tuple(Fingerprint(number.to_bytes(32, "big"), 90) for number in range(count))


def test_only_reports_with_consent_are_shared() -> None:
    a_report()
    shared = a_report(picture(Fingerprint(b"\x01" * 32, 77)), share=True)
    work()
    (entry,) = PeerReader().rest()
    assert (entry["operation"], entry["pdq"], entry["quality"]) == ("add", "01" * 32, 77)
    assert FeedRow.objects.get().bank_entry.material.report == shared


def test_a_report_withdrawn_before_it_was_fed_is_never_shared() -> None:
    report = a_report(share=True)
    withdraw_report(report, NOON)
    work()
    assert PeerReader().rest() == []


def test_a_line_has_no_field_that_points_to_a_person_or_to_another_line() -> None:
    report = a_report(picture(*many(3)), share=True)
    work()
    entries = PeerReader().rest()
    assert all(set(entry) == {"sequence", "entry", "operation", "pdq", "quality"} for entry in entries)
    names = [entry["entry"] for entry in entries]
    assert len(set(names)) == 3
    assert len({name[:8] for name in names}) == 3
    text = str(entries)
    own = [
        report.pk,
        report.locator,
        report.materials.get().pk,
        *BankEntry.objects.values_list("added_at", flat=True),
    ]
    assert not [one for one in own if str(one) in text]


def test_the_order_is_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reverses:
        def shuffle(self, entries: list[BankEntry]) -> None:
            entries.reverse()

    monkeypatch.setattr(secrets, "SystemRandom", Reverses)
    a_report(picture(*many(4)), share=True)
    work()
    assert [int(entry["pdq"], 16) for entry in PeerReader().rest()] == [3, 2, 1, 0]


def test_withdrawal_blanks_the_lines_at_once_and_tells_it_in_the_next_round() -> None:
    report = a_report(picture(*many(2)), share=True)
    other = a_report(picture(Fingerprint(b"\x01" * 32, 77)), share=True)
    work()
    peer = PeerReader()
    before = peer.rest()
    withdraw_report(report, NOON + HOUR)
    late = PeerReader("Late Example").rest()
    assert sorted(entry["pdq"] for entry in late) == ["", "", "01" * 32]
    work()
    told = peer.rest()
    gone = {entry["entry"] for entry in before if entry["pdq"] != "01" * 32}
    assert {(entry["operation"], entry["pdq"]) for entry in told} == {("withdraw", "")}
    assert {entry["entry"] for entry in told} == gone
    assert len(told) == 2
    again = PeerReader("Later Example").rest()
    assert [entry["pdq"] for entry in again if entry["entry"] in gone] == [""] * 4
    assert BankEntry.objects.filter(material__report=other, removed_at__isnull=True).exists()


def test_a_peer_reads_page_after_page_and_misses_nothing() -> None:
    report = a_report(picture(*many(MANY)), share=True)
    work()
    peer = PeerReader()
    first = peer.page()
    assert len(first) == PAGE_ROWS
    second = peer.page()
    assert [entry["sequence"] for entry in first + second] == sorted(
        FeedRow.objects.values_list("pk", flat=True)
    )
    assert {entry["pdq"] for entry in first + second} == {f"{number:064x}" for number in range(MANY)}
    end = peer.cursor
    assert peer.page() == []
    assert peer.cursor == end
    withdraw_report(report, NOON)
    work()
    assert len(peer.rest()) == MANY


def test_each_round_is_told_once_and_a_second_worker_repeats_nothing() -> None:
    a_report(picture(*many(2)), share=True)
    work()
    entries = list(BankEntry.objects.all())
    actions.feed(entries, NOON)
    rows = list(FeedRow.objects.all())
    actions.withdraw(rows, NOON)
    actions.withdraw(rows, NOON)
    assert FeedRow.objects.count() == 4
    told = [(entry.tag, entry.data) for entry in life_of(about("feed", "ours"))]
    assert told == [("feed:entries:added", {"entries": 2}), ("feed:entries:withdrawn", {"entries": 2})]
    assert due.next_due_at() is None


def test_the_feed_is_read_only(client: Client) -> None:
    headers = {"X-Unseen-Key": PeerReader().key}
    assert client.post("/api/exchange/feed", headers=headers).status_code == 405
    assert client.delete("/api/exchange/feed", headers=headers).status_code == 405
