from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain.route import RULE_TRIES_MIN, Record, ordered


class Platform:
    """Answers each way with its own chance, some notices after it was asked."""

    def __init__(self, chances: Mapping[str, float], seed: int, delay: int = 0) -> None:
        self.chances, self.delay, self.rng = dict(chances), delay, Random(seed)
        self.tried: list[tuple[str, bool]] = []

    def record(self, way: str) -> Record:
        known = self.tried[: len(self.tried) - self.delay]
        decided = [removed for name, removed in known if name == way]
        waiting = sum(name == way for name, _ in self.tried[len(known) :])
        return Record(sum(decided), len(decided), waiting)

    def write(self, ways: tuple[str, ...], notices: int) -> list[str]:
        for _ in range(notices):
            first = ordered(ways, self.record)[0]
            self.tried.append((first, self.rng.random() < self.chances[first]))
        return [name for name, _ in self.tried[-notices:]]


def test_a_way_that_never_works_stops_being_first() -> None:
    platform = Platform({"form": 0.0, "mail": 0.6}, seed=1)
    assert platform.write(("form", "mail"), RULE_TRIES_MIN) == ["form"] * RULE_TRIES_MIN
    assert platform.write(("form", "mail"), 100).count("mail") >= 95


@pytest.mark.parametrize("seed", range(20))
def test_a_new_way_gets_its_chance_even_beside_a_good_one(seed: int) -> None:
    platform = Platform({"form": 0.8, "mail": 0.0, "api": 1.0}, seed)
    platform.write(("form", "mail"), 200)
    assert 1 <= sum(name == "mail" for name, _ in platform.tried) <= 20
    platform.write(("form", "mail", "api"), 50)
    assert ordered(("form", "mail", "api"), platform.record)[0] == "api"


def test_a_new_way_is_not_flooded_before_the_first_answers_come() -> None:
    platform = Platform({"form": 0.9, "mail": 0.0}, seed=3, delay=100)
    platform.write(("form", "mail"), 600)
    assert sum(name == "mail" for name, _ in platform.tried) < 120


def test_of_two_that_work_alike_the_faster_goes_first() -> None:
    records = {"form": Record(40, 50, 0, 40.0), "mail": Record(40, 50, 0, 3.0)}
    assert ordered(("form", "mail"), records.__getitem__) == ("mail", "form")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50)), max_size=6))
def test_every_way_stays_in_the_list_once(counts: list[tuple[int, int, int]]) -> None:
    records = [Record(removed, removed + failed, waiting) for removed, failed, waiting in counts]
    found = ordered(range(len(records)), records.__getitem__)
    assert sorted(found) == list(range(len(records)))
    if records and records[0].tried < RULE_TRIES_MIN:
        assert found[0] == 0
    assert all(0 < record.chance < 1 for record in records)
