from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from unseen.domain.feed import (
    Level,
    LineAction,
    Standing,
    action_at,
    expires_at,
    is_for,
    may_be_shared,
    suspends,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
V0, V1, V2, V3 = Level


def test_without_consent_or_after_withdrawal_or_without_content_nothing_is_shared() -> None:
    good: dict[str, Any] = {"quality": 50, "consented": True, "withdrawn": False, "degenerate": False}
    assert may_be_shared(**good)
    for wrong in ({"quality": 49}, {"consented": False}, {"withdrawn": True}, {"degenerate": True}):
        assert not may_be_shared(**{**good, **wrong})


def test_the_highest_that_is_known_is_the_level() -> None:
    assert Standing().level == V0
    assert Standing(found_by_us=True).level == V1
    assert Standing(found_by_us=True, by_two_people=True).level == V2
    assert Standing(by_two_people=True, by_legal_order=True).level == V3


@pytest.mark.parametrize(
    ("level", "minor", "action"),
    [
        (V0, False, LineAction.REVIEW),
        (V0, True, LineAction.REVIEW),
        (V1, False, LineAction.REMOVE_AND_REVIEW),
        (V1, True, LineAction.BLOCK),
        (V2, False, LineAction.BLOCK),
        (V3, False, LineAction.BLOCK),
    ],
)
def test_what_is_recommended(level: Level, minor: bool, action: LineAction) -> None:
    assert action_at(level, minor=minor, harmless=False) == action
    assert action_at(level, minor=minor, harmless=True) == LineAction.REVIEW


def test_a_bare_word_ends_after_90_days_at_midnight() -> None:
    assert expires_at(V0, NOON) == datetime(2027, 2, 22, tzinfo=UTC)
    assert expires_at(V0, NOON + timedelta(hours=5)) == expires_at(V0, NOON)
    assert expires_at(V1, NOON) is None


def test_a_peer_gets_what_it_takes() -> None:
    assert [is_for(level, V1) for level in Level] == [False, True, True, True]


def test_more_doubt_is_needed_where_more_had_looked() -> None:
    assert [suspends(level, 1) for level in Level] == [True, True, False, False]
    assert [suspends(level, 2) for level in Level] == [True, True, True, True]
    assert not suspends(V0, 0)
