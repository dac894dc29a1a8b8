"""Every outcome is the truth: removed is gone, refused was refused, and what proves otherwise later changes it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.simulation.history import Happened, Life, What
from tests.simulation.judges.sight import anyone_sees_it, kept_out, proves_gone

_HOLDS_FOR = timedelta(hours=6)
_STILL_THERE = ("refused", "unreachable", "blocked_only")


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life ends, or stands meanwhile, other than the truth."""
    refused = withdrew = False
    last: Happened | None = None
    for event in life.history:
        if event.what is What.LOOKED:
            last = event
        elif event.what is What.REFUSED:
            refused = True
        elif event.what is What.WITHDREW:
            withdrew = True
        elif event.what is What.REOPENED:
            refused = False
        elif event.what is What.CLOSED:
            yield from _dishonest(life, event, said=refused, withdrew=withdrew, last=last)
    yield from _not_found_out(life)


def _dishonest(
    life: Life, event: Happened, *, said: bool, withdrew: bool, last: Happened | None
) -> Iterator[str]:
    outcome = event.words.partition(":")[0]
    if outcome == "removed" and life.up_at(event.at):
        yield f"removed, yet it is still there: {event.line()}"
    elif outcome == "refused" and not said:
        yield f"nobody refused: {event.line()}"
    elif outcome == "blocked_only" and (last is None or not kept_out(last.looks)):
        yield f"nobody was kept out: {event.line()}"
    elif outcome in _STILL_THERE and last is not None and proves_gone(last.looks):
        yield f"the last look found it gone: {event.line()}"
    elif outcome == "withdrawn" and not withdrew:
        yield f"nobody withdrew: {event.line()}"


def _not_found_out(life: Life) -> Iterator[str]:
    """A watched item: seen after removal, or gone for hours after giving up, the very look must change its outcome."""
    outcome = ""
    gone_since: datetime | None = None
    overdue: Happened | None = None
    for event in life.history:
        if overdue is not None and event.at > overdue.at:
            yield f"ends as {outcome}, but: {overdue.line()}"
            return
        if event.what is What.CLOSED:
            outcome, overdue, gone_since = event.words.partition(":")[0], None, None
        elif event.what is What.REOPENED or event.what is What.WITHDREW:
            outcome, overdue = "", None
        elif event.what is What.LOOKED and outcome == "removed":
            overdue = event if anyone_sees_it(event.looks) else None
        elif event.what is What.LOOKED and outcome in _STILL_THERE:
            gone_since = (gone_since or event.at) if proves_gone(event.looks) else None
            overdue = event if gone_since is not None and event.at - gone_since >= _HOLDS_FOR else None
