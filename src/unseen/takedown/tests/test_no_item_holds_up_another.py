from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

import pytest

from unseen import leases
from unseen.casework.models import Item
from unseen.discovery.looker import TooSoon
from unseen.domain.item import NoticeState, Stage
from unseen.domain.recheck import Look
from unseen.fetch.vantage import Vantage
from unseen.takedown import due, queries
from unseen.takedown.actions import steps
from unseen.takedown.actions.steps import Plan
from unseen.takedown.channels.envelope import Envelope, SendResult
from unseen.takedown.models import Notice, Recheck
from unseen.takedown.probes.look import Sought
from unseen.takedown.tests.outside import (
    NOON,
    Outside,
    a_reported_item,
    outside_of,
    pass_time,
    tick,
)

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
MINUTE = timedelta(minutes=1)


def test_a_row_that_always_fails_is_the_only_one_that_waits(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        bad, good = a_reported_item("http://prompt.test/bad"), a_reported_item("http://prompt.test/good")
        read = queries.facts_from

        def facts_from(item: Item, notices: Iterable[Notice]) -> object:
            if item.pk == bad.pk:
                raise RuntimeError("a bug")
            return read(item, notices)

        with patch.object(queries, "facts_from", facts_from):
            for number in range(30):
                _tick_as_a_worker_does(NOON + number * MINUTE)
        assert [to for to, _, _ in outside.arrived] == ["abuse@prompt.test"]
    good.refresh_from_db()
    assert good.stage == Stage.RECHECK


def test_a_notice_is_held_by_its_sender_from_its_own_beginning(tmp_path: Path) -> None:
    """Two sends of six minutes each: when the second is under way, a lease from before the first has run out."""
    with outside_of(tmp_path) as outside:
        for name in ("one", "two"):
            a_reported_item(f"http://prompt.test/{name}")
        send, second = outside.send, _Second(outside)
        with patch.object(outside, "send", send):
            outside.sends = ["later", "later"]
            tick(NOON)
        at = Notice.objects.earliest("due_at").due_at
        assert at is not None
        with (
            patch.object(outside, "send", lambda envelope, now: second.send(send, envelope, now, at)),
            patch.object(leases, "monotonic", count(0.0, 360.0).__next__),
        ):
            due.do_due(at, "slow")
            due.do_due(at + 6 * MINUTE, "slow")
        pass_time(at + 12 * MINUTE, hours=2)
        assert sorted(outside.count(str(key)) for key in Notice.objects.values_list("pk", flat=True)) == [
            1,
            1,
        ]


class _Second:
    """Each send takes six minutes. In the eleventh minute another worker looks for work."""

    def __init__(self, outside: Outside) -> None:
        self._outside, self._sends, self._busy = outside, 0, False

    def send(self, send: object, envelope: Envelope, now: datetime, began_at: datetime) -> SendResult:
        self._sends += 1
        if self._sends == 2 and not self._busy:
            self._busy = True
            due.do_due(began_at + 11 * MINUTE, "other")
            due.do_due(began_at + 11 * MINUTE, "other")
        assert callable(send)
        result: SendResult = send(envelope, now)
        return result


def test_two_workers_that_decide_the_same_write_one_notice(tmp_path: Path) -> None:
    """A lease ran out while its holder was slow: both have read that the first rung is next."""
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        store = steps.store_plans

        def overtaken(late: Sequence[Plan], now: datetime) -> list[Plan]:
            if any(plan.notices for plan in late):
                with patch.object(steps, "store_plans", store):
                    due._take_next_steps([Item.objects.get(pk=plan.item.pk) for plan in late], NOON)
            return store(late, now)

        with patch.object(steps, "store_plans", overtaken):
            tick(NOON)
        assert len(outside.arrived) == 1
    assert Notice.objects.filter(item=item).count() == 1


def test_a_host_that_never_lets_us_look_is_escalated_all_the_same(tmp_path: Path) -> None:
    """Another item of the same host gets the one look that it allows each day; this one would never be decided."""
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        tick(NOON)
        with patch.object(due, "Prober", lambda *_: _NeverAllowed()):
            pass_time(NOON, days=60)
        assert [to for to, _, _ in outside.arrived][:3] == [
            "abuse@prompt.test",
            "abuse@prompt.test",
            "abuse@hosting.test",
        ]
    item.refresh_from_db()
    assert item.stage == Stage.CLOSED
    assert item.outcome == "unreachable"
    assert set(Recheck.objects.exclude(at=NOON).values_list("conclusion", flat=True)) == {"unknown"}


class _NeverAllowed:
    sightings: tuple[object, ...] = ()

    def look(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        raise TooSoon(now + timedelta(hours=24), by_host=True)


def _tick_as_a_worker_does(now: datetime) -> None:
    """Until nothing is due, or something fails: then the stage has its turn again at the next tick."""
    with suppress(RuntimeError):
        tick(now)


def test_a_law_that_left_the_directory_stops_no_item(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        a_reported_item()
        outside.sends = ["later"]
        tick(NOON)
        Notice.objects.update(laws=["xx-repealed"], addressee="a-party-that-is-gone")
        pass_time(NOON, days=30)
        assert [to for to, _, _ in outside.arrived][:2] == ["abuse@prompt.test", "abuse@prompt.test"]
    first = Notice.objects.earliest("made_at")
    assert (first.state, first.deadline_law) == (NoticeState.SENT, "host-abuse")
    assert "a-party-that-is-gone" in Notice.objects.order_by("made_at")[1].body
