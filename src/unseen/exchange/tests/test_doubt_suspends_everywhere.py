import hashlib

import pytest

from unseen.accounts.models import Role, Staff
from unseen.domain.feed import EntryState, Level
from unseen.domain.fingerprint import Fingerprint
from unseen.exchange.actions.feedback import AlreadyDecided, decide
from unseen.exchange.models import Dispute, Feedback, FeedEntry
from unseen.exchange.tests.peer import PeerReader, operations, work
from unseen.feed.lines import LineOperation, Lines
from unseen.intake.actions import withdraw_report
from unseen.intake.tests.reports import HOUR, NOON, a_report, picture
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db
SUSPEND, ADD = LineOperation.SUSPEND, LineOperation.ADD


def one_entry(*peers: PeerReader) -> list[bytes]:
    a_report(picture(Fingerprint(hashlib.sha256(b"a picture").digest(), 77)), share=True)
    work()
    return [bytes(name_of(peer.rest())) for peer in peers]


def name_of(lines: Lines) -> bytes:
    (line,) = lines
    return bytes(line["entry"])


def test_one_peers_doubt_suspends_an_entry_in_every_list_until_a_person_lifts_it() -> None:
    one, other = PeerReader("One"), PeerReader("Other")
    (name, _) = one_entry(one, other)
    assert one.say(name, "not_ncii").json() == {"kept": True}
    work()
    assert operations(one.rest()) == operations(other.rest()) == [SUSPEND]
    late = PeerReader("Late")
    work()
    assert len(late.rest()) == 0
    dispute, staff = Dispute.objects.get(), Staff.objects.create(username="bo", role=Role.REVIEWER)
    decide(dispute, upheld=False, staff=staff, now=NOON + HOUR)
    work()
    assert operations(one.rest()) == operations(other.rest()) == operations(late.rest()) == [ADD]
    with pytest.raises(AlreadyDecided):
        decide(dispute, upheld=True, staff=staff, now=NOON)
    assert one.say(name, "not_ncii").json() == {"kept": True}
    work()
    assert FeedEntry.objects.get().state == EntryState.LIVE, "what a person weighed counts no more"
    told = [entry.tag for entry in life_of(about("feed_entry", FeedEntry.objects.get().pk))]
    assert told == ["feed:feedback:given", "feed:dispute:decided"]


def test_an_upheld_doubt_keeps_it_suspended() -> None:
    peer = PeerReader()
    (name,) = one_entry(peer)
    peer.say(name, "disputed")
    decide(Dispute.objects.get(), upheld=True, staff=Staff.objects.create(username="bo"), now=NOON)
    work()
    assert operations(peer.rest()) == [SUSPEND]
    peer.say(name, "not_ncii")
    assert Dispute.objects.count() == 1


def test_what_two_people_confirmed_takes_two_peers_doubt() -> None:
    one, other = PeerReader("One"), PeerReader("Other")
    name, elsewhere = one_entry(one, other)
    FeedEntry.objects.update(level=Level.ORGANISATION)
    one.say(name, "disputed")
    one.say(name, "not_ncii")
    assert not Dispute.objects.exists()
    other.say(elsewhere, "disputed")
    assert FeedEntry.objects.get().state == EntryState.SUSPENDED


@pytest.mark.parametrize("verdict", ["blocked", "cannot_tell", "policy_disagree", "broken"])
def test_other_words_suspend_nothing_and_are_kept_once(verdict: str) -> None:
    peer = PeerReader()
    (name,) = one_entry(peer)
    assert peer.say(name, verdict).json() == {"kept": True}
    assert peer.say(name, verdict).json() == {"kept": True}
    assert Feedback.objects.get().verdict == verdict
    assert not Dispute.objects.exists()


def test_nobody_speaks_about_an_entry_of_another_list_or_of_none() -> None:
    one, other = PeerReader("One"), PeerReader("Other", level_min=Level.LEGAL_ORDER)
    (name,) = one_entry(one)
    assert other.say(name, "disputed").status_code == 404
    assert other.say(bytes(16), "disputed").status_code == 404
    for wrong in ("", "x", "nonsense"):
        assert one.say(name, wrong).status_code == 422
    assert one.say(name[:15], "blocked").status_code == 422
    assert not Feedback.objects.exists()


def test_a_canary_answers_as_any_other_and_nothing_is_kept() -> None:
    peer = PeerReader()
    one_entry(peer)
    for name in peer.canaries:
        assert peer.say(name, "disputed").json() == {"kept": True}
    assert not Feedback.objects.exists()


def test_a_withdrawal_outweighs_a_dispute() -> None:
    peer = PeerReader()
    (name,) = one_entry(peer)
    peer.say(name, "disputed")
    entry = FeedEntry.objects.get()
    withdraw_report(entry.material.report, NOON)
    work()
    assert operations(peer.rest()) == [LineOperation.WITHDRAW]
    decide(Dispute.objects.get(), upheld=False, staff=Staff.objects.create(username="bo"), now=NOON)
    work()
    assert FeedEntry.objects.get().state == EntryState.WITHDRAWN
