"""Promise 4: every open item has a due time in the future or a named person, and so has every watched one."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from tests.simulation.history import Happened, Life, What

# Watching thins out, but never further than a season.
PAUSE_MAX = timedelta(days=92)
_OVER = ("withdrawn", "out_of_scope", "duplicate")


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life breaks the promise: whatever happens, at the end of that moment something is due."""
    outcome = ""
    for _, moment in groupby(life.history, attrgetter("at")):
        events = list(moment)
        outcome = _outcome_after(events, outcome)
        last = events[-1]
        if last.what is What.RESTED:
            if outcome not in _OVER:
                yield f"laid to rest although {outcome or 'open'}: {last.line()}"
        elif last.what is not What.DUE:
            if not (last is life.history[-1] and outcome in _OVER):
                yield f"nothing was due after: {last.line()}"
        elif last.until is None or last.until <= last.at:
            yield f"due, but not in the future: {last.line()}"
        elif last.until - last.at > PAUSE_MAX:
            yield f"due, but not in this season: {last.line()}"


def _outcome_after(events: list[Happened], outcome: str) -> str:
    for event in events:
        if event.what is What.CLOSED:
            outcome = event.words.partition(":")[0]
        elif event.what is What.REOPENED:
            outcome = ""
    return outcome
