"""Promise 5: unknown never counts as gone. Removed rests on proven looks, without a gap, over six hours."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile

from tests.simulation.history import Happened, Life, What
from tests.simulation.judges.sight import proves_gone

_HOLDS_FOR = timedelta(hours=6)
_FRESH_FOR = timedelta(hours=6)


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life breaks the promise."""
    looked: list[Happened] = []
    for event in life.history:
        if event.what is What.LOOKED:
            looked.append(event)
        elif event.what is What.CLOSED and event.words.startswith("removed"):
            yield from _judge_removal(event, looked)


def _judge_removal(closed: Happened, looked: list[Happened]) -> Iterator[str]:
    proof = list(takewhile(lambda event: proves_gone(event.looks), reversed(looked)))
    if not proof:
        yield f"removed without proof: {closed.line()}"
        return
    held = proof[0].at - proof[-1].at
    age = closed.at - proof[0].at
    if held < _HOLDS_FOR:
        yield f"removed although it held for {held} only: {closed.line()}"
    elif age > _FRESH_FOR:
        yield f"removed on a look that is {age} old: {closed.line()}"
