"""The run of a scan: files go to an engine, answers are recorded as they come and told in the order of the sources."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from unseen.discovery.sources import Found, SourceError
from unseen.fingerprint import Source
from unseen.scanning.limits import FETCHED_SIZE_BYTES_MAX, WAITING_MAX
from unseen.scanning.look import Facts
from unseen.scanning.record import Record, Stamp, stamp_of


class Engine(Protocol):
    """What looks at files: `LocalEngine`, or the cluster's."""

    @property
    def files_at_once(self) -> int:
        """How many files it wants to have under way."""
        ...

    def start(self, number: int, source: Source) -> None:
        """Look at one more file; `finished` will name it by its number."""
        ...

    def finished(self) -> list[tuple[int, Facts]]:
        """At least one file that was started; waits for it."""
        ...


@dataclass(slots=True)
class _Step:
    """One file on its way: `facts` is None while an engine looks at it."""

    found: Found
    stamp: Stamp | None = None
    facts: Facts | None = None
    size_bytes: int = 0


class Run:
    """One pass over everything that the sources hold."""

    def __init__(self, engine: Engine, record: Record | None, advance: Callable[[], None]) -> None:
        self._engine = engine
        self._record = record
        self._advance = advance
        self._waiting: deque[_Step] = deque()
        self._under_way: dict[int, _Step] = {}
        self._count = 0

    def answers(self, everything: Iterator[Found]) -> Iterator[tuple[Found, Facts]]:
        """Each file with its facts, in order, each once. What an earlier run recorded is told again, not done again."""
        more = True
        while more or self._waiting:
            while more and self._has_room():
                found = next(everything, None)
                more = found is not None
                if found is not None:
                    self._take(found)
            if self._under_way and not self._is_ready():
                for number, facts in self._engine.finished():
                    self._keep(self._under_way.pop(number), facts)
            while self._is_ready():
                step = self._waiting.popleft()
                assert step.facts is not None
                yield step.found, step.facts

    def _is_ready(self) -> bool:
        return bool(self._waiting) and self._waiting[0].facts is not None

    def _has_room(self) -> bool:
        held_bytes = sum(step.size_bytes for step in self._under_way.values())
        return (
            len(self._under_way) < self._engine.files_at_once
            and len(self._waiting) < WAITING_MAX
            and held_bytes < FETCHED_SIZE_BYTES_MAX
        )

    def _take(self, found: Found) -> None:
        """Answer from the record, or give it to the engine: by its path where it has one, else by its bytes."""
        step = _Step(found, stamp_of(found))
        self._waiting.append(step)
        step.facts = self._record.finished(step.stamp) if self._record and step.stamp else None
        if step.facts is not None:
            self._advance()
            return
        try:
            source = str(found.path) if found.path else found.open()
        except SourceError as error:  # not recorded: the next run asks again
            step.facts = {"error": {"code": str(error.code), "message": error.message}}
            self._advance()
            return
        step.size_bytes = len(source) if isinstance(source, bytes) else 0
        self._under_way[self._count] = step
        self._engine.start(self._count, source)
        self._count += 1

    def _keep(self, step: _Step, facts: Facts) -> None:
        step.facts = facts
        if self._record and step.stamp:
            self._record.keep(step.stamp, facts)
        self._advance()
