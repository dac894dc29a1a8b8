"""A notice declares that the content is there: none goes out unmatched, or about what was just found gone."""

from collections.abc import Iterator

from tests.simulation.history import FOUND_BY_US, Life, What
from tests.simulation.judges.sight import anyone_sees_it, proves_gone
from unseen.domain.recheck import Look


def judge(life: Life) -> Iterator[str]:
    """Each notice that declared what nobody had reason to believe."""
    matched = False
    last_looks: tuple[Look, ...] = ()
    for event in life.history:
        what = event.what
        if what is What.LOOKED:
            last_looks = event.looks
            matched = matched or anyone_sees_it(last_looks)
        elif (what is What.REPORTED and event.words == FOUND_BY_US) or what is What.ANSWERED:
            matched = True
        elif what is What.SEND_AGAIN:
            last_looks = ()  # a person says so
        elif what is What.TRIED:
            if not matched:
                yield f"no match, but a notice: {event.line()}"
            if proves_gone(last_looks):
                yield f"a notice about what was just found gone: {event.line()}"
