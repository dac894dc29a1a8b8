from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from unseen.casework.models import Item
from unseen.domain.item import NoticeState, Outcome
from unseen.domain.notice import Rung
from unseen.takedown import mailbox
from unseen.takedown.actions.mail import record_reply
from unseen.takedown.actions.writing import envelope_of
from unseen.takedown.mailbox import read_mailbox
from unseen.takedown.models import Notice, Recheck, Reply
from unseen.takedown.tests.outside import (
    HOST,
    NOON,
    PLATFORM,
    REGULATOR,
    Outside,
    a_reported_item,
    bounce,
    claim,
    outside_of,
    pass_time,
    refusal,
    tick,
)

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
HOUR = timedelta(hours=1)
STRANGER = (
    b"From: x@y.test\r\nSubject: hello\r\nIn-Reply-To: <12345@elsewhere.test>\r\n\r\nWe will not remove it."
)


def test_a_bounce_after_it_was_sent_leads_to_the_next_rung(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.answers[PLATFORM] = bounce
        pass_time(NOON, hours=1)
        assert [to for to, _, _ in outside.arrived] == [PLATFORM, HOST]
    assert sorted(Notice.objects.values_list("rung", "state")) == [("host", "sent"), ("platform", "failed")]


def test_who_refused_gets_no_reminder(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.answers[PLATFORM] = refusal
        pass_time(NOON, hours=1)
        assert [to for to, _, _ in outside.arrived] == [PLATFORM, HOST]
    assert sorted(Notice.objects.values_list("rung", flat=True)) == [Rung.HOST, Rung.PLATFORM]
    assert Notice.objects.get(rung=Rung.PLATFORM).refused_at is not None


def test_where_everybody_refused_it_ends_as_refused(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        outside.answers = {PLATFORM: refusal, HOST: refusal, REGULATOR: refusal}
        pass_time(NOON, days=8)
        assert [to for to, _, _ in outside.arrived] == [PLATFORM, HOST, REGULATOR]
    item.refresh_from_db()
    assert item.outcome == Outcome.REFUSED


def test_a_claim_is_checked_at_once_and_not_believed(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        tick(NOON)
        _put(outside, "1", claim(envelope_of(Notice.objects.get())))
        looked = Recheck.objects.count()
        tick(NOON + HOUR)
        assert Recheck.objects.count() == looked + 1
        item.refresh_from_db()
        assert (item.outcome, item.last_finding) == ("", "still_up")
        pass_time(NOON + HOUR, days=3)
        assert [to for to, _, _ in outside.arrived][:2] == [
            PLATFORM,
            PLATFORM,
        ]  # the deadline goes on running


@pytest.mark.parametrize("answer", [bounce, refusal, claim])
def test_a_mail_that_is_read_twice_is_stored_once(tmp_path: Path, answer: Callable[..., bytes]) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        tick(NOON)
        raw = answer(envelope_of(Notice.objects.get()))
        for name in ("1", "2"):
            _put(outside, name, raw)
        assert read_mailbox(outside.inbox, NOON + HOUR) == 2
        assert record_reply(raw, NOON + 2 * HOUR) is None
        assert list((outside.inbox / "new").iterdir()) == []
        assert len(list((outside.inbox / "cur").iterdir())) == 2
    assert Reply.objects.count() == 1


def test_a_mail_that_was_stored_and_not_moved_is_moved_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outside_of(tmp_path) as outside:
        _put(outside, "1", STRANGER)
        monkeypatch.setattr(Path, "rename", _dies)
        with pytest.raises(KeyboardInterrupt):
            read_mailbox(outside.inbox, NOON)
        monkeypatch.undo()
        assert read_mailbox(outside.inbox, NOON) == 1
        assert list((outside.inbox / "new").iterdir()) == []
    assert Reply.objects.count() == 1


def test_a_mail_that_another_worker_takes_meanwhile_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outside_of(tmp_path) as outside:
        for name in ("1", "2"):
            _put(outside, name, STRANGER + name.encode())
        stored = record_reply

        def taken(raw: bytes, now: object, file: str) -> object:
            (outside.inbox / "new" / "1").unlink(missing_ok=True)
            return stored(raw, NOON, file)

        monkeypatch.setattr(mailbox, "record_reply", taken)
        read_mailbox(outside.inbox, NOON)
        assert [file.name for file in (outside.inbox / "cur").iterdir()] == ["2:2,S"]
    assert Reply.objects.count() == 2


def test_a_reply_about_an_unknown_notice_is_kept(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        tick(NOON)
        _put(outside, "1", STRANGER)
        tick(NOON + HOUR)
    reply = Reply.objects.get()
    assert reply.notice is None
    assert "We will not remove it." in reply.exhibit.content
    assert Notice.objects.get().refused_at is None
    assert Item.objects.get(pk=item.pk).outcome == ""


def test_a_reply_that_came_before_the_look_up_counts_for_the_notice(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["after"]
        outside.answers[PLATFORM] = refusal
        pass_time(NOON, hours=1)
        assert [to for to, _, _ in outside.arrived] == [PLATFORM, HOST]
    first = Notice.objects.get(rung=Rung.PLATFORM)
    assert (first.state, first.refused_at is not None) == (NoticeState.SENT, True)


def test_a_bounce_that_overtakes_the_look_up_wins(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["after"]
        outside.answers[PLATFORM] = bounce
        pass_time(NOON, hours=1)
        assert [to for to, _, _ in outside.arrived] == [PLATFORM, HOST]
    first = Notice.objects.get(rung=Rung.PLATFORM)
    assert first.state == NoticeState.FAILED
    assert [one.result for one in first.attempts.all()] == ["unclear"]


def _put(outside: Outside, name: str, raw: bytes) -> None:
    (outside.inbox / "new" / name).write_bytes(raw)


def _dies(*_: object) -> None:
    raise KeyboardInterrupt
