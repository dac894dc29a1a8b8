"""Promise 3: no rung gets the same notice twice in a round unless a person says so; a round begins with a return."""

from collections import Counter
from collections.abc import Iterator

from tests.simulation.history import Life, What
from tests.simulation.judges.sight import anyone_sees_it
from unseen.domain.notice import Rung
from unseen.domain.recheck import Look


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life breaks the promise."""
    sent: Counter[Rung | None] = Counter()
    last_looks: tuple[Look, ...] = ()
    for event in life.history:
        what = event.what
        if what is What.NOTICE_LEFT:
            sent[event.rung] += 1
            if sent[event.rung] > 1:
                yield f"the same notice twice: {event.line()}"
        elif what is What.SEND_AGAIN:
            sent[event.rung] -= 1
        elif what is What.LOOKED:
            last_looks = event.looks
        elif what is What.REOPENED:
            if not anyone_sees_it(last_looks):
                yield f"a new round although nobody saw it: {event.line()}"
            sent.clear()
