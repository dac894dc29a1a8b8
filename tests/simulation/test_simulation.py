"""Lives that must keep every promise: a quick thousand, the ones that once broke one, and the full hundred thousand."""

import os
import resource

import pytest

from tests.simulation.living import live
from tests.simulation.simulate import kept_seeds, simulate, summary
from tests.simulation.tally import Tally, tally_lives
from unseen.domain.notice import Rung

pytestmark = pytest.mark.thorough

QUICK_LIVES = 1_500
RETURNS_MIN = 100  # else the judge of returns has nothing to judge
ALL_LIVES = 100_000
WITHIN_S = 120
# A year of daily looks, and room for the first days of a few notices and rounds.
LOOKS_A_LIFE_MAX = 800


def complaint(tally: Tally) -> str:
    return "\n\n".join(str(broken) for broken in tally.broken)


def test_fifteen_hundred_lives_keep_every_promise() -> None:
    tally = simulate(QUICK_LIVES, seed=1, processes=1)
    assert tally.lives == QUICK_LIVES
    assert not tally.broken_count, complaint(tally)
    assert {"removed", "refused", "unreachable", "blocked_only", "withdrawn", "out_of_scope", "open"} == set(
        tally.outcomes
    )
    assert tally.looks_max < LOOKS_A_LIFE_MAX
    assert set(tally.rungs) == set(Rung), "every rung of the ladder is climbed by some life"
    assert tally.returns > RETURNS_MIN


def test_lives_that_once_broke_a_promise_keep_it_now() -> None:
    seeds = kept_seeds()
    assert seeds
    for seed, number in seeds:
        tally = tally_lives(seed, [number])
        assert not tally.broken_count, complaint(tally)


def test_the_same_seed_gives_the_same_life_to_the_second() -> None:
    assert live(7, 11).lines() == live(7, 11).lines()
    assert live(7, 11).lines() != live(7, 12).lines()


def _used_by_children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
def test_a_hundred_thousand_lives_keep_every_promise_in_under_two_minutes_on_two_cores() -> None:
    """Time is what the two processes used, shared by two: a busy machine must not fail a rule."""
    before = _used_by_children_s()
    tally = simulate(ALL_LIVES, seed=int(os.environ.get("SIMULATION_SEED", "1")), processes=2)
    seconds = (_used_by_children_s() - before) / 2
    assert not tally.broken_count, complaint(tally)
    assert tally.lives == ALL_LIVES
    assert seconds < WITHIN_S, summary(tally, seconds)
