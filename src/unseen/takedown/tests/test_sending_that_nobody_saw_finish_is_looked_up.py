from datetime import timedelta
from pathlib import Path

import pytest

from unseen import leases
from unseen.accounts.models import Staff
from unseen.casework.actions import Stale
from unseen.casework.models import Item
from unseen.domain.item import NoticeState, Stage
from unseen.domain.limits import DELIVERY_RETRY_AFTER, LOOK_UP_AFTER
from unseen.takedown.actions import sending, writing
from unseen.takedown.channels.envelope import Delivered, NotDelivered, NotThere
from unseen.takedown.models import Attempt, Notice, Recheck
from unseen.takedown.tests.outside import (
    HOST,
    NOON,
    WORKER,
    Outside,
    a_reported_item,
    outside_of,
    pass_time,
    tick,
)

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def test_what_arrived_before_the_line_broke_is_found_and_not_sent_again(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["after"]
        pass_time(NOON, hours=1)
        assert [how for how, _ in outside.tried] == ["after"]
    notice = Notice.objects.get()
    assert notice.state == NoticeState.SENT
    # The clock of the law runs since it arrived, not since we looked it up a minute later.
    assert notice.received_at == NOON
    assert notice.deadline_at == NOON + timedelta(hours=48)


def test_what_did_not_arrive_goes_out_again_under_the_same_id(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["before"]
        pass_time(NOON, hours=1)
        notice = Notice.objects.get()
        assert outside.tried == [("before", str(notice.pk)), ("well", str(notice.pk))]
        assert [at for _, _, at in outside.arrived] == [NOON + LOOK_UP_AFTER]
    assert notice.received_at == NOON + LOOK_UP_AFTER


def test_a_line_that_always_breaks_is_given_up(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["before"] * 50
        pass_time(NOON, days=2)
        tries = len(DELIVERY_RETRY_AFTER) + 1
        first = Notice.objects.earliest("made_at")
        assert first.state == NoticeState.FAILED
        assert first.tries == tries
        assert [to for to, _, _ in outside.arrived] == []


def test_a_dead_worker_leaves_the_other_side_a_minute_to_finish(tmp_path: Path) -> None:
    """A relay may take the message after its sender died; looked up at once, it would be sent twice."""
    with outside_of(tmp_path) as outside:
        a_reported_item()
        notice = _dies_while_sending(outside)
        tick(NOON + timedelta(seconds=20))
        outside.take(writing.envelope_of(notice), NOON + timedelta(seconds=30))
        pass_time(NOON + timedelta(seconds=30), hours=1)
        assert outside.count(str(notice.pk)) == 1
    notice.refresh_from_db()
    assert notice.state == NoticeState.SENT


def test_what_an_overtaken_worker_learnt_changes_nothing(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        slow = _dies_while_sending(outside)
        outside.take(writing.envelope_of(slow), NOON)
        pass_time(NOON, hours=1)
        sent = Notice.objects.get()
        sending.finish_look_up(slow, NotThere(), NOON + MINUTE)
        sending.finish_sending(slow, NotDelivered("late", permanent=True), NOON + MINUTE)
        sending.finish_sending(slow, Delivered("once more"), NOON + 2 * MINUTE)
        pass_time(NOON + 2 * MINUTE, hours=1)
        after = Notice.objects.get()
        assert (after.state, after.received_at, after.proof_id) == (
            sent.state,
            sent.received_at,
            sent.proof_id,
        )
        assert outside.count(str(sent.pk)) == 1


def test_where_nobody_can_tell_a_person_is_asked_and_rechecks_go_on(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = _uncertain(outside)
        assert item.question.startswith("Nobody can tell")
        looked = Recheck.objects.count()
        pass_time(NOON + timedelta(hours=1), days=3)
        assert Recheck.objects.count() == looked + 3
        assert len(outside.tried) == 1
        item.refresh_from_db()
        assert item.due_at is not None


def test_a_person_says_that_it_went(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = _uncertain(outside)
        _says(went_out=True)
        pass_time(NOON + DAY, hours=1)
        assert len(outside.tried) == 1
    item.refresh_from_db()
    assert (item.stage, item.question) == (Stage.RECHECK, "")
    notice = Notice.objects.get()
    assert notice.state == NoticeState.SENT
    assert notice.received_at == NOON + DAY
    assert notice.proof is not None
    assert "says that it was sent" in notice.proof.content


def test_a_person_says_that_it_did_not_go(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = _uncertain(outside)
        outside.arrived.clear()
        _says(went_out=False)
        pass_time(NOON + DAY, hours=1)
        assert len(outside.arrived) == 1
        assert len({key for _, key in outside.tried}) == 1
    item.refresh_from_db()
    assert (item.stage, item.question) == (Stage.RECHECK, "")


def test_a_second_answer_about_the_same_notice_is_too_late(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        _uncertain(outside)
        stale = Notice.objects.get()
        _says(went_out=True)
        for went_out in (True, False):
            with pytest.raises(Stale):
                sending.say_what_happened(stale, went_out=went_out, staff=_bo(), now=NOON + 2 * DAY)
        pass_time(NOON + 2 * DAY, hours=1)
        assert len(outside.tried) == 1


def _dies_while_sending(outside: Outside) -> Notice:
    """The worker is gone between the start of a send and its end; its successor takes back what it held."""
    outside.sends = ["later"]
    tick(NOON)
    notice = leases.claim(Notice.objects.all(), WORKER, NOON + DELIVERY_RETRY_AFTER[0], 1)[0]
    assert sending.begin_sending(notice, NOON)
    leases.take_back((Item, Notice), WORKER)
    return notice


def _uncertain(outside: Outside) -> Item:
    item = a_reported_item()
    outside.sends, outside.archive = ["after"], "closed"
    pass_time(NOON, hours=1)
    item.refresh_from_db()
    assert Notice.objects.get().state == NoticeState.UNCERTAIN
    assert Attempt.objects.get().result == "uncertain"
    return item


def _says(*, went_out: bool) -> None:
    sending.say_what_happened(Notice.objects.get(), went_out=went_out, staff=_bo(), now=NOON + DAY)


def _bo() -> Staff:
    return Staff.objects.get_or_create(username="bo")[0]


def test_a_form_waits_for_a_person_and_is_never_sent_by_the_worker(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item("http://formy.test/p/1")
        pass_time(NOON, days=2)
        assert outside.tried == []
        notice = Notice.objects.get()
        assert (notice.state, notice.due_at, notice.channel) == (NoticeState.UNCERTAIN, None, "form")
        item.refresh_from_db()
        assert "by the form" in item.question
        _says(went_out=True)
    notice.refresh_from_db()
    assert notice.state == NoticeState.SENT
    assert notice.deadline_at == NOON + DAY + timedelta(hours=48)


def test_a_form_that_a_person_could_not_send_leads_to_the_next_rung(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item("http://formy.test/p/1")
        pass_time(NOON, hours=1)
        _says(went_out=False)
        pass_time(NOON + DAY, hours=1)
        assert [to for to, _, _ in outside.arrived] == [HOST]
    assert sorted(Notice.objects.values_list("rung", "state")) == [("host", "sent"), ("platform", "failed")]
