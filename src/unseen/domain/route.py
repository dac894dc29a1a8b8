"""Which of several ways is tried first: by the rules until enough was tried, then by measured success. Pure.

A way is a channel of an addressee, or a law of equal standing in a notice to it. The same platform removed 100 % by one
way and 0 % by another (arXiv 2409.12138), so what never works must not stay first, and what is new must get its chance.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

# Before anything is known a way is taken to work half the time, as if it had worked once and failed once: Beta(1, 1).
PRIOR_REMOVED, PRIOR_NOT = 1.0, 1.0
# The way that the rules put first keeps its place until so many of its notices are decided.
RULE_TRIES_MIN = 5
# A way is ranked by its chance plus so many standard deviations: the less is known, the more is hoped.
HOPE_DEVIATIONS = 2.0
# A difference smaller than this says nothing: then the faster way goes first.
CHANCE_STEP = 0.05

Way = TypeVar("Way")


@dataclass(frozen=True, slots=True)
class Record:
    """What became of the notices on one way. `waiting`: received, and nobody knows yet what comes of them."""

    removed: int = 0
    tried: int = 0  # decided ones only
    waiting: int = 0
    hours_median: float | None = None  # from receipt to the first look that saw it gone

    @property
    def chance(self) -> float:
        """The expected share of removals: the mean of the Beta distribution after these notices."""
        return (PRIOR_REMOVED + self.removed) / (PRIOR_REMOVED + PRIOR_NOT + self.tried)

    @property
    def hope(self) -> float:
        """The chance, and what may be hoped beyond it. Those that still wait lower the hope, not the chance."""
        counted = PRIOR_REMOVED + PRIOR_NOT + self.tried + self.waiting
        return self.chance + HOPE_DEVIATIONS * sqrt(self.chance * (1 - self.chance) / (counted + 1))

    @property
    def words(self) -> str:
        """The record for people."""
        if not self.tried:
            return "not measured yet"
        speed = f", in {self.hours_median:.0f} hours at the median" if self.hours_median is not None else ""
        return f"{self.removed} of {self.tried} removed{speed}"


def ordered(ways: Sequence[Way], record_of: Callable[[Way], Record]) -> tuple[Way, ...]:
    """The ways in the order in which to try them; given in the order of the rules."""
    if len(ways) < 2:
        return tuple(ways)
    records = [record_of(way) for way in ways]

    def rank(place: int) -> tuple[bool, float, float, int]:
        record = records[place]
        kept = place == 0 and record.tried < RULE_TRIES_MIN
        speed = record.hours_median if record.hours_median is not None else float("inf")
        return (not kept, -round(record.hope / CHANCE_STEP), speed, place)

    return tuple(ways[place] for place in sorted(range(len(ways)), key=rank))
