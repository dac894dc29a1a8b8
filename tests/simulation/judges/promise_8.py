"""Promise 8: a deadline is that of the law at receipt. Nobody moves on before it, and it is looked at when it comes."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from tests.simulation.history import Happened, Life, What
from unseen.domain.notice import Rung

# A host may ask us to come back a day later; a look takes place within a lease of its time.
_LOOKED_WITHIN = timedelta(hours=24, minutes=10)
_FINAL_NOTICE_HOURS = 24  # the second notice to a platform repeats a duty whose time has passed
_MOVES_ON = ("refused", "unreachable", "blocked_only")
_ENDS_THE_CLOCK = frozenset({What.REFUSED, What.BOUNCED, What.WITHDREW, What.RECEIVED})


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life breaks the promise."""
    for place, event in enumerate(life.history):
        if event.what is What.RECEIVED and event.until is not None:
            yield from _wrong(event)
            yield from _followed(event, event.until, islice(life.history, place + 1, None))


def _wrong(event: Happened) -> Iterator[str]:
    hours = min(_FINAL_NOTICE_HOURS, event.hours) if event.rung is Rung.PLATFORM_FINAL else event.hours
    if event.until != datetime.fromisoformat(event.words) + timedelta(hours=hours):
        yield f"not the deadline of the law at receipt: {event.line()}"


def _followed(received: Happened, deadline_at: datetime, later: Iterable[Happened]) -> Iterator[str]:
    """Until somebody answers, the item moves on, or closes: what happened while this deadline counted?"""
    counts_from = max(deadline_at, received.at)  # a person may tell us late that a notice went
    for event in later:
        what = event.what
        if what is What.TRIED or what is What.CLOSED:
            if event.at < deadline_at and (what is What.TRIED or event.words.startswith(_MOVES_ON)):
                yield f"moved on before the deadline {deadline_at}: {event.line()}"
            return
        if what in _ENDS_THE_CLOCK or (what is What.LOOKED and event.at >= counts_from):
            if event.at > counts_from + _LOOKED_WITHIN:
                yield f"the deadline {deadline_at} passed and nobody looked until: {event.line()}"
            return  # from here on promise 10 guards that something happens every day
