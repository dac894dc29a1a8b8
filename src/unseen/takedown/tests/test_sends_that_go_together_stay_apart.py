from collections import Counter
from pathlib import Path
from unittest.mock import patch

import pytest

from unseen.domain.item import NoticeState
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report
from unseen.journal.queries import first_broken_entry
from unseen.takedown import due
from unseen.takedown.actions import alone, sending
from unseen.takedown.models import Attempt, Notice
from unseen.takedown.tests.outside import NOON, Outside, a_reported_item, outside_of, pass_time, tick

pytestmark = pytest.mark.django_db


def three_items(outside: Outside) -> None:
    for number in range(3):
        a_reported_item(f"http://prompt.test/p/{number}")


def test_each_has_its_own_answer(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        three_items(outside)
        outside.sends = ["well", "refused", "after"]
        with patch.object(sending, "begin_sending", side_effect=AssertionError("they go together")):
            tick(NOON)
        states = Counter(Notice.objects.filter(to="abuse@prompt.test").values_list("state", flat=True))
        assert states[NoticeState.FAILED] == 1
        assert states[NoticeState.SENDING] == 1
        pass_time(NOON, hours=1)
        sent = Notice.objects.filter(state=NoticeState.SENT)
        assert [outside.count(str(one.pk)) for one in sent] == [1] * sent.count()
        assert len({one.proof_id for one in sent}) == sent.count(), "each has a proof of its own"
    assert first_broken_entry() is None


def test_a_person_who_withdraws_stops_only_her_own(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        three_items(outside)
        begin = alone.begin

        def withdrawn_first(notices: list[Notice], now: object) -> list[Notice]:
            with patch.object(alone, "begin", begin):
                withdraw_report(Report.objects.get(case__items=notices[0].item_id), NOON)
                return begin(notices, NOON)

        with patch.object(alone, "begin", withdrawn_first):
            due.do_due(NOON, "w")  # the notices are written
            due.do_due(NOON, "w")
        assert len(outside.arrived) == 2
    assert Counter(Notice.objects.values_list("state", flat=True)) == {"sent": 2, "failed": 1}
    assert Attempt.objects.count() == 2


def test_what_was_begun_and_not_sent_in_time_was_never_begun(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        three_items(outside)
        due.do_due(NOON, "w")
        notices = list(Notice.objects.select_related("item__case__report"))
        begun = alone.begin(notices, NOON)
        assert {one.state for one in Notice.objects.all()} == {NoticeState.SENDING}
        alone.put_off(begun, NOON)
    rows = Notice.objects.values_list("state", "tries", "lease_by", "due_at").distinct()
    assert list(rows) == [("ready", 0, "", NOON)]
    assert not Attempt.objects.exists()
