"""Like promise 10: no item is forgotten. Something happens to every open item once a day, to a watched one each quarter."""

from collections.abc import Iterator
from datetime import timedelta

from tests.simulation.history import END, Life, What

_DONE_BY_US = frozenset(
    {
        What.REPORTED,
        What.LOOKED,
        What.TRIED,
        What.FAILED,
        What.CLOSED,
        What.REOPENED,
    }
)
_OPEN_GAP_MAX = timedelta(hours=24, minutes=10)
_WATCHED_GAP_MAX = timedelta(days=90, minutes=10)
_OVER = ("withdrawn", "out_of_scope", "duplicate")


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life breaks the promise."""
    last_at = life.history[0].at
    gap_max = _OPEN_GAP_MAX
    for event in life.history:
        if event.what not in _DONE_BY_US:
            continue
        if event.at - last_at > gap_max:
            yield f"forgotten for {event.at - last_at} before: {event.line()}"
        last_at = event.at
        if event.what is What.CLOSED:
            if event.words.startswith(_OVER):
                return
            gap_max = _WATCHED_GAP_MAX
        elif event.what is What.REOPENED:
            gap_max = _OPEN_GAP_MAX
    if END - last_at > gap_max:
        yield f"forgotten since {last_at}"
