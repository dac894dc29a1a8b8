"""Promise 2: after withdrawal nothing more is sent, nobody looks any more, and the item ends as withdrawn."""

from collections.abc import Iterator

from tests.simulation.history import Life, What

_STOPS = frozenset({What.TRIED, What.NOTICE_LEFT, What.LOOKED, What.ASKED, What.ACCEPTED, What.REOPENED})


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life breaks the promise."""
    withdrew_at = next((event.at for event in life.history if event.what is What.WITHDREW), None)
    if withdrew_at is None:
        return
    start = next(place for place, event in enumerate(life.history) if event.what is What.WITHDREW)
    ends = [event for event in life.history[start:] if event.what is What.CLOSED]
    if not ends or not ends[0].words.startswith("withdrawn") or ends[0].at != withdrew_at:
        yield "a withdrawal did not close the item at once"
    for event in life.history[start:]:
        if event.what in _STOPS:
            yield f"after withdrawal: {event.line()}"
