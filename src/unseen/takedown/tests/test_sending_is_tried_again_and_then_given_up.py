from datetime import timedelta
from pathlib import Path

import pytest

from unseen.domain.item import NoticeState
from unseen.domain.limits import DELIVERY_RETRY_AFTER
from unseen.domain.notice import Rung
from unseen.takedown.models import Attempt, Notice
from unseen.takedown.tests.outside import HOST, NOON, PLATFORM, a_reported_item, outside_of, pass_time, tick

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
MINUTE = timedelta(minutes=1)


def test_a_notice_goes_out_within_the_tick_in_which_the_report_came(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        tick(NOON)
        assert [(to, at) for to, _, at in outside.arrived] == [(PLATFORM, NOON)]
    notice = Notice.objects.get()
    assert notice.state == NoticeState.SENT
    assert notice.proof is not None
    assert notice.proof.content == "250 queued"


def test_a_temporary_failure_is_tried_again_at_the_planned_times_and_then_failed(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["later"] * (len(DELIVERY_RETRY_AFTER) + 1)
        pass_time(NOON, days=1)
        first = Notice.objects.earliest("made_at")
        began = list(
            Attempt.objects.filter(notice=first).order_by("number").values_list("began_at", flat=True)
        )
        planned = [NOON]
        for pause in DELIVERY_RETRY_AFTER:
            planned.append(planned[-1] + pause)
        assert began == planned
        assert first.state == NoticeState.FAILED
        assert {key for _, key in outside.tried[: len(planned)]} == {str(first.pk)}
        assert [to for to, _, _ in outside.arrived] == [
            HOST
        ]  # the address that failed is not tried for a reminder


def test_an_outage_of_our_own_relay_is_never_held_against_the_addressee(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["relay down"] * 12
        pass_time(NOON, days=3)
        assert [to for to, _, _ in outside.arrived] == [PLATFORM]
    notice = Notice.objects.get()
    assert (notice.state, notice.rung, notice.tries) == (NoticeState.SENT, Rung.PLATFORM, 13)


def test_what_goes_well_at_the_third_try_counts_from_then(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["later", "later"]
        pass_time(NOON, hours=1)
        ((to, _, at),) = outside.arrived
    notice = Notice.objects.get()
    assert to == PLATFORM
    assert notice.received_at == at == NOON + 35 * MINUTE
    assert notice.tries == 3
    assert list(notice.attempts.order_by("number").values_list("result", flat=True)) == [
        "failed for now",
        "failed for now",
        "delivered",
    ]


def test_a_refused_address_is_given_up_at_once(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["refused"]
        tick(NOON)
        assert [to for to, _, _ in outside.arrived] == [HOST]
    failed, sent = Notice.objects.order_by("made_at", "state")
    assert (failed.state, failed.rung, failed.received_at) == (NoticeState.FAILED, Rung.PLATFORM, None)
    assert (sent.state, sent.rung) == (NoticeState.SENT, Rung.HOST)
