from datetime import timedelta
from pathlib import Path

import pytest

from unseen.domain.item import NoticeState, Outcome, Stage
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report
from unseen.journal.models import Entry
from unseen.takedown.actions import sending
from unseen.takedown.models import Notice
from unseen.takedown.tests.outside import NOON, a_reported_item, outside_of, pass_time, tick

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_notice_that_is_ready_is_never_sent_after_the_withdrawal(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        outside.sends = ["later"]
        tick(NOON)
        assert [how for how, _ in outside.tried] == ["later"]
        withdraw_report(Report.objects.get(), NOON + MINUTE)
        pass_time(NOON + MINUTE, days=3)
        assert outside.arrived == []
        assert len(outside.tried) == 1
    item.refresh_from_db()
    assert (item.stage, item.outcome) == (Stage.CLOSED, Outcome.WITHDRAWN)
    assert Notice.objects.get().state == NoticeState.FAILED
    assert Entry.objects.filter(tag="notice:send:stopped").count() == 1


def test_the_mark_on_the_report_alone_stops_a_send(tmp_path: Path) -> None:
    """The case learns of it a moment later; a notice must not slip out in that moment."""
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["later"]
        tick(NOON)
        Report.objects.update(withdrawn_at=NOON)
        assert not sending.begin_sending(Notice.objects.get(), NOON + 5 * MINUTE)
    assert Notice.objects.get().state == NoticeState.FAILED


def test_a_notice_that_never_arrived_is_not_sent_again_after_the_withdrawal(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["before"]
        tick(NOON)
        withdraw_report(Report.objects.get(), NOON)
        pass_time(NOON, days=1)
        assert outside.arrived == []


def test_a_notice_that_did_arrive_is_told_as_sent_although_the_item_is_closed(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        outside.sends = ["after"]
        tick(NOON)
        withdraw_report(Report.objects.get(), NOON)
        pass_time(NOON, days=1)
        assert len(outside.arrived) == 1
    item.refresh_from_db()
    assert item.outcome == Outcome.WITHDRAWN
    assert Notice.objects.get().state == NoticeState.SENT
