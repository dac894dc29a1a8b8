"""Promise 4: every open item has a due time in the future or a named person, and so has every watched one."""

from collections.abc import Iterator

from tests.simulation.history import Life, What

_OVER = ("withdrawn", "out_of_scope", "duplicate")


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life breaks the promise."""
    due = None
    outcome = ""
    resting = False
    before = life.history[0]
    for event in life.history:
        if event.at > before.at and due is None and not resting:
            yield f"nothing was due after: {before.line()}"
        what = event.what
        if what is What.DUE:
            due = event.until
            if due is None or due <= event.at:
                yield f"due, but not in the future: {event.line()}"
        elif what is What.CLOSED:
            outcome = event.words.partition(":")[0]
        elif what is What.REOPENED:
            outcome = ""
        if what is What.RESTED:
            resting = True
            if outcome not in _OVER:
                yield f"laid to rest although {outcome or 'open'}: {event.line()}"
        elif event.at > before.at and what is not What.DUE:
            due = None
        before = event
    if due is None and not resting:
        yield "the year ends with nothing due"
