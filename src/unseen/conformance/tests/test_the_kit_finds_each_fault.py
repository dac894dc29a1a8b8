"""A consumer that does all it must holds every case, and each fault that is planted in it breaks the case that is made for it."""

from collections.abc import Iterable
from contextlib import closing

import pytest

from unseen.conformance.cases import CASES
from unseen.conformance.run import Result, run
from unseen.conformance.tests.toy import FAULTS, Toy

pytestmark = pytest.mark.thorough


def examined(toy: Toy, cases: Iterable[str] = CASES) -> list[Result]:
    with closing(toy):
        return list(run(toy, cases))


@pytest.mark.slow
def test_a_good_consumer_holds_every_case() -> None:
    results = examined(Toy())
    assert len(results) == len(CASES) >= 12
    assert [result for result in results if not result.held] == []


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    wanted = FAULTS[fault]
    broken = {result.case for result in examined(Toy(fault), sorted(wanted)) if result.held is False}
    assert broken == wanted


def test_what_the_kit_cannot_make_is_neither_held_nor_broken() -> None:
    class Far(Toy):
        def kill(self) -> bool:
            return False

    (result,) = examined(Far(), ["a kill loses nothing"])
    assert result.held is None
    assert "cannot kill" in result.why


def test_a_consumer_that_says_nothing_is_broken_everywhere() -> None:
    class Mute(Toy):
        def ask(self, question: object) -> dict[str, object]:
            return {}

    results = examined(Mute(), ["a withdrawal is honoured", "a fork is refused"])
    assert [result.held for result in results] == [False, False]
