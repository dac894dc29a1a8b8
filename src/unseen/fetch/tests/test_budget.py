"""Hosts are asked at their pace and left alone when they ask for it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.fetch.budget import (
    BACKOFF_UNSAID,
    RETRY_AFTER_MAX,
    Allowed,
    HostBudget,
    Pace,
    WaitUntil,
    after_answer,
    fresh,
    retry_after,
    take,
)

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PACE = Pace(burst=3, per_second=0.5)


def test_a_burst_is_allowed_and_then_the_pace_holds() -> None:
    budget = fresh(PACE, NOW)
    for _ in range(3):
        step = take(budget, PACE, NOW)
        assert isinstance(step, Allowed)
        budget = step.budget
    assert take(budget, PACE, NOW) == WaitUntil(NOW + timedelta(seconds=2))
    assert isinstance(take(budget, PACE, NOW + timedelta(seconds=2)), Allowed)


@given(st.lists(st.floats(0, 3), max_size=60))
def test_never_more_requests_than_burst_and_pace_together(pauses_s: list[float]) -> None:
    budget, now, allowed = fresh(PACE, NOW), NOW, 0
    for pause_s in pauses_s:
        now += timedelta(seconds=pause_s)
        step = take(budget, PACE, now)
        if isinstance(step, Allowed):
            budget, allowed = step.budget, allowed + 1
        else:
            assert step.until > now
    assert allowed <= PACE.burst + (now - NOW).total_seconds() * PACE.per_second + 1e-6


def test_a_clock_that_steps_back_gives_nothing_away() -> None:
    empty = HostBudget(0.0, NOW)
    assert isinstance(take(empty, PACE, NOW - timedelta(hours=1)), WaitUntil)


def test_a_host_that_turns_us_away_is_left_alone_as_long_as_it_says() -> None:
    budget = after_answer(fresh(PACE, NOW), 429, "120", NOW)
    assert take(budget, PACE, NOW + timedelta(seconds=119)) == WaitUntil(NOW + timedelta(seconds=120))
    assert isinstance(take(budget, PACE, NOW + timedelta(seconds=120)), Allowed)


def test_a_host_that_does_not_say_how_long_is_left_alone_for_a_minute() -> None:
    assert after_answer(fresh(PACE, NOW), 503, None, NOW).backoff_until == NOW + BACKOFF_UNSAID
    assert after_answer(fresh(PACE, NOW), 200, "120", NOW).backoff_until is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0), (" 30 ", 30), ("999999999999999999999999", 86_400), ("Tue, 01 Dec 2026 09:01:00 GMT", 60),
        ("Tue, 01 Dec 2026 08:00:00 GMT", 0), ("Fri, 01 Dec 2090 08:00:00 GMT", 86_400), ("Tuesday, 01-Dec-26 09:01:00 GMT", 60),
        ("Tue Dec  1 09:01:00 2026", 60), ("Tue, 01 Dec 2026 18:01:00 +0900", 60),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date_and_capped(header: str, seconds: int) -> None:
    assert retry_after(header, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "header", [None, "", "-5", "soon", "1.5", "٣", "9" * 101, "Tue, 99 Dec 2026 09:01:00 GMT"]
)
def test_a_header_that_says_nothing_is_no_time(header: str | None) -> None:
    assert retry_after(header, NOW) is None


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_no_header_breaks_the_reading(header: str) -> None:
    at = retry_after(header, NOW)
    assert at is None or NOW <= at <= NOW + RETRY_AFTER_MAX
