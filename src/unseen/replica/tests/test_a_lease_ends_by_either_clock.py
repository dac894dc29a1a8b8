"""Acting without a person ends with the lease, whatever somebody does to a clock."""

from pathlib import Path

import pytest

from unseen.feed.lines import LineAction
from unseen.replica.tests.replicas import Platform, value

LEASE_S = 86_400


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    made = Platform(tmp_path / "replica")
    made.shown = value()  # type: ignore[attr-defined]
    made.feed.add(made.shown)  # type: ignore[attr-defined]
    made.follower.turn()
    made.cut_off()
    return made


def acts(platform: Platform) -> bool:
    (match,) = platform.replica.match(platform.shown)  # type: ignore[attr-defined]
    assert match.action in (LineAction.BLOCK, LineAction.REVIEW)
    return match.action is LineAction.BLOCK


def test_cut_off_it_acts_to_the_end_of_the_lease_and_then_asks_for_a_person(platform: Platform) -> None:
    platform.clock.pass_s(LEASE_S - 1)
    assert acts(platform)
    platform.clock.pass_s(2)
    assert not acts(platform)


def test_a_wall_clock_that_jumps_back_prolongs_nothing(platform: Platform) -> None:
    platform.clock.pass_s(LEASE_S - 1)
    platform.clock.wall_s -= 50_000
    assert acts(platform)
    platform.clock.pass_s(2)
    assert not acts(platform)


def test_a_wall_clock_that_jumps_ahead_ends_it(platform: Platform) -> None:
    platform.clock.wall_s += LEASE_S
    assert not acts(platform)


def test_after_a_restart_of_the_machine_it_waits_for_a_page(platform: Platform) -> None:
    platform.clock.boot, platform.clock.steady_s = "two", 3.0
    assert not acts(platform)
    platform.answer = None
    platform.clock.pass_s(5)
    platform.follower.turn()
    assert acts(platform)


def test_the_same_head_shown_again_to_a_clock_that_was_turned_back_prolongs_nothing(
    platform: Platform,
) -> None:
    platform.answer = platform.feed.page(1, issued=int(platform.clock.wall_s))
    platform.clock.pass_s(LEASE_S - 10)
    platform.clock.wall_s -= LEASE_S - 10
    platform.follower.turn()
    assert platform.follower.health.trouble == ""
    platform.clock.pass_s(11)
    assert not acts(platform)


def test_a_slow_wall_clock_makes_no_lease_longer_than_the_centre_gives(platform: Platform) -> None:
    platform.answer = None
    platform.clock.wall_s += 60
    page = platform.feed.page(1)
    platform.clock.wall_s -= 260
    platform.answer = page
    platform.follower.turn()
    assert platform.replica.lease_left_s() == LEASE_S
