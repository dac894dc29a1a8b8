from datetime import UTC, datetime, timedelta

import pytest

from unseen.domain.clock_steps import ClockWatch
from unseen.domain.limits import CLOCK_SETTLES, CLOCK_STEP_MAX

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR_S = 3_600.0


def watching(latest: datetime | None = None) -> ClockWatch:
    """A watch that has seen noon, a thousand seconds after the machine was started."""
    watch = ClockWatch()
    watch.believes(NOON, 1_000, latest)
    return watch


def test_a_clock_that_keeps_time_is_believed() -> None:
    watch = watching()
    assert all(watch.believes(NOON + number * MINUTE, 1_000 + number * 60) for number in range(1_000))


def test_small_steps_are_believed_however_many() -> None:
    watch = watching()
    for number in range(1, 20):
        assert watch.believes(NOON - number * CLOCK_STEP_MAX, 1_000)


@pytest.mark.parametrize("by", [timedelta(minutes=6), timedelta(days=365), -timedelta(hours=9)])
def test_a_jump_is_believed_only_when_it_has_stood_for_an_hour(by: timedelta) -> None:
    watch = watching()
    assert not watch.believes(NOON + by, 1_000)
    almost = CLOCK_SETTLES - MINUTE
    assert not watch.believes(NOON + by + almost, 1_000 + almost.total_seconds())
    assert watch.believes(NOON + by + CLOCK_SETTLES, 1_000 + CLOCK_SETTLES.total_seconds())


def test_a_clock_that_returns_is_believed_at_once() -> None:
    watch = watching()
    assert not watch.believes(NOON + timedelta(days=31), 1_000)
    assert watch.believes(NOON + 20 * MINUTE, 1_000 + 20 * 60)


def test_a_clock_that_jumps_again_is_waited_out_anew() -> None:
    watch = watching()
    watch.believes(NOON + timedelta(days=1), 1_000)
    assert not watch.believes(NOON + timedelta(days=9), 1_000 + HOUR_S - 60)
    assert not watch.believes(NOON + timedelta(days=9), 1_000 + HOUR_S)


def test_a_clock_behind_what_is_known_is_not_believed_at_the_start() -> None:
    watch = ClockWatch()
    assert not watch.believes(NOON, 1_000, latest=NOON + timedelta(days=1))
    assert watch.believes(NOON + CLOCK_SETTLES, 1_000 + HOUR_S)
    assert ClockWatch().believes(NOON, 1_000, latest=NOON - timedelta(days=400))


def test_the_time_a_machine_sleeps_is_no_jump() -> None:
    watch = watching()
    assert watch.believes(NOON + timedelta(days=30), 1_000 + 30 * 24 * HOUR_S)
