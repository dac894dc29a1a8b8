import hashlib
import secrets

import pytest

from unseen.domain.feed import Level, LineAction
from unseen.domain.fingerprint import Fingerprint
from unseen.exchange import due
from unseen.exchange.actions import lists
from unseen.exchange.models import FeedEntry, FeedLine, Peer
from unseen.exchange.tests.peer import PeerReader, operations, work
from unseen.feed.lines import LineKind, LineOperation, erased
from unseen.hashbank.models import BankEntry
from unseen.intake.actions import consent, withdraw_report
from unseen.intake.models import Report
from unseen.intake.tests.reports import HOUR, NOON, a_report, picture
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
ADD, WITHDRAW = LineOperation.ADD, LineOperation.WITHDRAW


def drawn(number: int) -> Fingerprint:
    return Fingerprint(hashlib.sha256(number.to_bytes(4, "big")).digest(), 77)


def many(count: int) -> tuple[Fingerprint, ...]:
    return tuple(drawn(number) for number in range(count))


def apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def test_only_reports_with_consent_are_shared_and_with_a_mark() -> None:
    peer = PeerReader()
    a_report(picture(drawn(1)))
    a_report(picture(drawn(2)), share=True)
    work()
    (line,) = peer.rest()
    assert (line["operation"], line["kind"], line["quality"]) == (ADD, LineKind.PDQ_IMAGE, 77)
    assert (line["level"], line["action"]) == (Level.SELF_ASSERTED, LineAction.REVIEW)
    assert apart(bytes(line["value"]), drawn(2).pdq) == 4


def test_two_peers_lists_have_nothing_in_common() -> None:
    one, other = PeerReader("One Example"), PeerReader("Other Example")
    a_report(picture(*many(5)), share=True)
    work()
    first, second = one.all(), other.all()
    for column in ("entry", "salt", "value"):
        assert not {bytes(each) for each in first[column]} & {bytes(each) for each in second[column]}


def test_a_report_withdrawn_before_it_was_fed_is_never_shared() -> None:
    peer = PeerReader()
    report = a_report(share=True)
    withdraw_report(report, NOON)
    work()
    assert len(peer.all()) == 0
    assert not FeedEntry.objects.exists()


def test_nothing_in_a_line_leads_to_another_one() -> None:
    peer = PeerReader()
    a_report(picture(*many(3)), share=True)
    work()
    lines = peer.rest()
    names = [bytes(name) for name in lines["entry"]]
    assert len({name[:4] for name in names}) == 3
    assert {int(end) % 86_400 for end in lines["expires"]} == {0}


def test_the_order_is_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reverses:
        def shuffle(self, groups: list[list[lists.Draft]]) -> None:
            groups.sort(key=lambda group: -(group[0].bank_entry or 0))

    monkeypatch.setattr(secrets, "SystemRandom", Reverses)
    PeerReader()
    a_report(picture(*many(4)), share=True)
    work()
    fed = FeedLine.objects.filter(bank_entry__isnull=False).order_by("sequence")
    numbers = list(fed.values_list("bank_entry", flat=True))
    assert numbers == sorted(numbers, reverse=True)


def test_withdrawal_erases_the_lines_at_once_and_tells_it_in_the_next_round() -> None:
    report = a_report(picture(*many(2)), share=True)
    a_report(picture(drawn(9)), share=True)
    early, late = PeerReader(), PeerReader("Late Example")
    work()
    before = early.rest()
    withdraw_report(report, NOON + HOUR)
    shown = late.rest()
    assert sorted(erased(shown)) == [False, True, True]
    work()
    told = early.rest()
    gone = {bytes(one["entry"]) for one in before if apart(bytes(one["value"]), drawn(9).pdq) > 4}
    assert operations(told) == [WITHDRAW] * 2
    assert {bytes(one["entry"]) for one in told} == gone
    assert operations(late.rest()) == [WITHDRAW] * 2
    again = PeerReader("Later Example")
    work()
    assert len(again.rest()) == 1
    assert FeedLine.objects.filter(salt=b"", feed_entry__state="withdrawn").count() == 8


def test_a_list_is_read_page_after_page_and_nothing_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "CHANGES_AT_ONCE", 7)
    report = a_report(picture(*many(40)), share=True)
    peer = PeerReader()
    work()
    assert len(peer.all()) == 43
    assert len(peer.page()) == 0
    withdraw_report(report, NOON)
    work()
    assert operations(peer.rest()) == [WITHDRAW] * 40
    whole = PeerReader("Other Example")
    work()
    assert len(whole.rest()) == 0


def test_each_change_is_told_once_and_a_second_worker_repeats_nothing() -> None:
    peer = PeerReader()
    a_report(picture(*many(2)), share=True)
    work()
    Peer.objects.update(told=0)  # as a worker saw it that was a little late
    assert due.do_due(NOON, "two") == 2
    assert len(peer.rest()) == 2
    assert due.do_due(NOON, "two") == 0
    told = [(entry.tag, entry.data) for entry in life_of(about("feed", "ours"))]
    assert ("feed:entries:changed", {"entries": 2}) in told


def decide(report: Report, *, may_share: bool) -> None:
    consent(report, may_share=may_share, may_watch=True, may_tell_police=False, now=NOON)
    work()


def test_a_consent_taken_back_reaches_every_list_and_given_again_it_makes_a_new_entry() -> None:
    peer = PeerReader()
    report = a_report(picture(drawn(1)), share=True)
    work()
    (first,) = peer.rest()
    decide(report, may_share=False)
    (gone,) = peer.rest()
    assert (gone["operation"], gone["entry"]) == (WITHDRAW, first["entry"])
    decide(report, may_share=True)
    (again,) = peer.rest()
    assert again["operation"] == ADD
    assert again["entry"] != first["entry"], "a withdrawal is final"
    assert apart(bytes(again["value"]), drawn(1).pdq) == 4
    assert due.do_due(NOON, "w") == 0


def test_a_consent_given_later_feeds_what_was_passed_over() -> None:
    peer = PeerReader()
    early = a_report(picture(drawn(1)))
    a_report(picture(drawn(2)), share=True)
    work()
    assert len(peer.rest()) == 1
    decide(early, may_share=True)
    assert operations(peer.rest()) == [ADD]


def test_frames_of_a_film_share_an_entry_and_one_withdrawal_ends_them() -> None:
    peer = PeerReader()
    frames = [Fingerprint(drawn(number).pdq, 80, at_s=number / 2) for number in range(4)]
    report = a_report(picture(*frames), share=True)
    work()
    lines = peer.rest()
    assert {bytes(name) for name in lines["entry"]} == {bytes(lines["entry"][0])}
    assert [(int(one["part"]), int(one["at_ms"])) for one in lines] == [
        (0, 0),
        (1, 500),
        (2, 1000),
        (3, 1500),
    ]
    assert set(lines["kind"]) == {LineKind.PDQ_FRAME}
    withdraw_report(report, NOON)
    work()
    assert operations(peer.rest()) == [WITHDRAW]


def test_canaries_come_with_the_first_lines_and_one_is_withdrawn_with_the_next() -> None:
    peer = PeerReader()
    a_report(picture(drawn(1)), share=True)
    work()
    assert len(peer.all()) == 3
    a_report(picture(drawn(2)), share=True)
    work()
    lines = peer.all()
    assert sorted(operations(lines)) == [ADD, WITHDRAW]
    assert BankEntry.objects.count() == 2
