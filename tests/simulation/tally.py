"""Runs a range of lives past the judges and counts what they came to."""

import gc
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.simulation.history import Life, What
from tests.simulation.judges.bench import broken_promises
from tests.simulation.living import GoesInCircles, live
from unseen.domain.item import IllegalMove

# The first few broken lives tell what is wrong; the rest would only fill the screen.
BROKEN_KEPT_MAX = 5


@dataclass(slots=True)
class Broken:
    """A life that broke a promise: its seed and number, what the judges said, and every event of it."""

    seed: int
    number: int
    verdicts: list[str]
    lines: str

    def __str__(self) -> str:
        """What the judges said, then the life, one line per event."""
        return "\n".join(
            [f"seed {self.seed} life {self.number}", *("  ! " + each for each in self.verdicts), self.lines]
        )


@dataclass(slots=True)
class Tally:
    """Counts over many lives."""

    lives: int = 0
    looks: int = 0
    looks_max: int = 0
    notices: int = 0
    notices_max: int = 0
    events: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)  # notices that left, by rung
    returns: int = 0
    broken_count: int = 0
    broken: list[Broken] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Put another tally on top of this one."""
        self.lives += other.lives
        self.looks += other.looks
        self.looks_max = max(self.looks_max, other.looks_max)
        self.notices += other.notices
        self.notices_max = max(self.notices_max, other.notices_max)
        self.events += other.events
        self.outcomes += other.outcomes
        self.rungs += other.rungs
        self.returns += other.returns
        self.broken_count += other.broken_count
        self.broken = sorted(self.broken + other.broken, key=lambda one: one.number)[:BROKEN_KEPT_MAX]


def tally_lives(seed: int, numbers: Iterable[int]) -> Tally:
    """Live and judge these lives."""
    tally = Tally()
    for number in numbers:
        try:
            life = live(seed, number)
        except (GoesInCircles, IllegalMove, AssertionError) as error:
            _broke(tally, Broken(seed, number, [f"{type(error).__name__}"], str(error)))
            continue
        _count(tally, life)
        if verdicts := broken_promises(life):
            _broke(tally, Broken(seed, number, verdicts, life.lines()))
    return tally


def tally_chunk(chunk: tuple[int, int, int]) -> Tally:
    """The same for one (seed, first number, number after the last): what a process of the pool gets."""
    gc.disable()  # lives leave no circles behind, so counting references is enough, and a tenth faster
    seed, first, beyond = chunk
    return tally_lives(seed, range(first, beyond))


def _broke(tally: Tally, broken: Broken) -> None:
    tally.broken_count += 1
    if len(tally.broken) < BROKEN_KEPT_MAX:
        tally.broken.append(broken)


def _count(tally: Tally, life: Life) -> None:
    kinds = [event.what for event in life.history]
    looks, notices = kinds.count(What.LOOKED), kinds.count(What.NOTICE_LEFT)
    tally.lives += 1
    tally.events += len(kinds)
    tally.looks += looks
    tally.looks_max = max(tally.looks_max, looks)
    tally.notices += notices
    tally.notices_max = max(tally.notices_max, notices)
    tally.rungs.update(event.rung for event in life.history if event.what is What.NOTICE_LEFT and event.rung)
    tally.returns += kinds.count(What.REOPENED)
    ends = [event for event in life.history if event.what in (What.CLOSED, What.REOPENED)]
    tally.outcomes[ends[-1].words.partition(":")[0] if ends and ends[-1].what is What.CLOSED else "open"] += 1
