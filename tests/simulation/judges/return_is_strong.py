"""A return starts with the strongest rung that removed it before, whatever else was asked in between."""

from collections.abc import Iterator

from tests.simulation.history import Life, What
from unseen.domain.notice import Rung

_STRENGTH = tuple(Rung)


def judge(life: Life) -> Iterator[str]:
    """Each round that begins somewhere else."""
    received: list[Rung] = []
    worked: list[Rung] = []
    begins = False
    for event in life.history:
        what, rung = event.what, event.rung
        if what is What.RECEIVED and rung is not None:
            received.append(rung)
        elif what is What.BOUNCED and rung in received:
            received.remove(rung)
        elif what is What.REOPENED:
            worked += received[-1:]
            received, begins = [], bool(worked)
        elif what is What.TRIED and begins:
            begins = False
            if rung is not max(worked, key=_STRENGTH.index):
                yield f"a round does not begin with what worked ({', '.join(worked)}): {event.line()}"
