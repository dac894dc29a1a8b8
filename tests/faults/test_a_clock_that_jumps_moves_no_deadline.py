"""The machine's clock jumps by seconds to a year, both ways: no deadline is missed, early or doubled, and nothing freezes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings

from tests.faults.clocks import TICK, ZONES, Jump, Lived, live
from unseen.domain.limits import CLOCK_SETTLES, CLOCK_STEP_MAX

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
YEAR = timedelta(days=365)
SIZES = (
    timedelta(seconds=1), timedelta(seconds=59), timedelta(minutes=4), timedelta(minutes=30), timedelta(hours=1),
    timedelta(hours=9), timedelta(days=1), timedelta(days=31), YEAR,
)  # fmt: skip
# Only the slow one lives to its deadline: each second life is such a one.
LIVES = (
    "slow",
    "refuser",
    "slow",
    "bouncer",
    "slow",
    "prompt",
    "slow",
    "broken line",
    "slow",
    "lost",
    "slow",
    "busy",
)


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UNSEEN", replace(settings.UNSEEN, data_dir=tmp_path))


def check(lived: Lived, calm: Lived, slack: timedelta) -> None:
    """As in the calm life, each notice once, none before its deadline by the machine's own clock, and in time."""
    assert lived.outcome == calm.outcome
    assert sorted(lived.rungs) == sorted(calm.rungs)
    assert len(lived.arrivals) == len(set(lived.arrivals)) == len(calm.arrivals)
    assert all(one.wall_early <= timedelta() for one in lived.escalations)
    assert lived.took <= calm.took + slack


def calm_life(character: str, folder: Path) -> Lived:
    """Lived first, and taken back."""
    from django.db import transaction

    sid = transaction.savepoint()
    try:
        return live(character, (), folder / "calm")
    finally:
        transaction.savepoint_rollback(sid)


@pytest.mark.parametrize(
    "seed", [*range(8), *(pytest.param(n, marks=pytest.mark.slow) for n in range(8, 60))]
)
def test_a_clock_that_comes_back_within_the_hour_changes_nothing(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    character = LIVES[seed % len(LIVES)]
    calm = calm_life(character, tmp_path)
    jumps = []
    at = timedelta()
    for _ in range(3):
        at += timedelta(minutes=random.randint(1, 20 * 60))
        by = random.choice(SIZES) * random.choice((1, -1))
        back = at + timedelta(minutes=random.randint(1, 49))
        jumps += [Jump(at, by, random.choice(ZONES)), Jump(back, -by, random.choice(ZONES))]
        at = back + CLOCK_SETTLES
    lived = live(character, jumps, tmp_path)
    check(lived, calm, lived.held + 4 * CLOCK_SETTLES)
    assert all(one.true_early <= CLOCK_STEP_MAX + TICK for one in lived.escalations)


@pytest.mark.parametrize("ahead", [*SIZES[3:]])
@pytest.mark.parametrize("character", ["slow", "refuser"])
def test_a_clock_that_ran_ahead_and_is_set_right_freezes_nothing(
    character: str, ahead: timedelta, tmp_path: Path
) -> None:
    calm = calm_life(character, tmp_path)
    lived = live(character, [Jump(timedelta(hours=5), -ahead)], tmp_path, starts_ahead=ahead)
    check(lived, calm, CLOCK_SETTLES + timedelta(hours=14))
    assert all(one.true_early <= CLOCK_STEP_MAX + TICK for one in lived.escalations)
