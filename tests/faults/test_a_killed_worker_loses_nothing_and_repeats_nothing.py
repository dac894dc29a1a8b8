"""Promise 10. The worker dies at a point, its successor carries on: same outcome, each notice at its addressee once."""

from datetime import timedelta
from itertools import islice

import pytest

from tests.faults.crash_points import Crash, double_crashes, spread, trouble_of
from tests.faults.killing import MortalOutside
from tests.faults.life import CHARACTERS, live, untouched
from unseen.takedown.actions import sending
from unseen.takedown.channels.envelope import NotThere

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

# Around a send a death hurts most: these points are tried for every character, always.
_WORST = ("in the middle of a send", "after a send", "after a look-up")


def lengths() -> dict[str, int]:
    return {character: len(untouched(character).trail) for character in CHARACTERS}


def trouble(crashes: list[Crash]) -> list[str]:
    return [f"{crash}: {one}" for crash in crashes for one in trouble_of(crash, untouched(crash.character))]


@pytest.mark.parametrize("character", CHARACTERS)
def test_untouched_every_life_ends_as_it_should(character: str) -> None:
    life = untouched(character)
    assert life.faults == ()
    assert life.deaths == 0
    assert life.end.outcome == ("withdrawn" if character == "withdrawn" else "removed")
    assert {"before a commit", "after a commit", "in the middle of a send", "after a send"} <= set(life.trail)


def test_a_death_around_the_first_send_changes_nothing() -> None:
    worst = [
        Crash(character, (untouched(character).trail.index(name) + 1,))
        for character in ("slow", "bouncer", "broken line", "busy", "withdrawn")
        for name in _WORST
        if name in untouched(character).trail
    ]
    assert trouble(worst) == []


def test_a_death_anywhere_changes_nothing() -> None:
    assert trouble(spread(lengths(), 18)) == []


def test_a_death_during_recovery_changes_nothing() -> None:
    assert trouble(list(islice(double_crashes(lengths(), 3), 5))) == []


@pytest.mark.slow
@pytest.mark.parametrize("character", CHARACTERS)
def test_a_death_at_every_second_point_changes_nothing(character: str) -> None:
    every = range(1, len(untouched(character).trail) + 1, 2)
    assert trouble([Crash(character, (number,)) for number in every]) == []


@pytest.mark.slow
def test_many_deaths_during_recovery_change_nothing() -> None:
    assert trouble(list(islice(double_crashes(lengths(), 1), 40))) == []


def test_a_worker_that_never_looks_up_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MortalOutside, "look_up", lambda *_: NotThere())
    dies = untouched("prompt").trail.index("after a send") + 1
    assert live("prompt", [dies]).faults == ("the notice platform is sent and arrived 2 times",)


def test_a_worker_that_looks_up_too_soon_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    dies = untouched("prompt").trail.index("in the middle of a send") + 1
    monkeypatch.setattr(sending, "LOOK_UP_AFTER", timedelta())
    assert live("prompt", [dies]).faults == ("the notice platform is sent and arrived 2 times",)
