"""Every outcome is the truth: removed is gone, refused was refused, and what stays gone or up is found out."""

from collections.abc import Iterator
from datetime import timedelta

from tests.simulation.history import END, Happened, Life, What
from tests.simulation.judges.sight import anyone_sees_it, kept_out, proves_gone

# The longest pause of the watch, and the confirming look.
_FOUND_OUT_WITHIN = timedelta(days=92)


def judge(life: Life) -> Iterator[str]:
    """Each way in which this life ends, or stands meanwhile, other than the truth."""
    outcome = ""
    refused = False
    last: Happened | None = None
    for event in life.history:
        if event.what is What.LOOKED:
            last = event
        elif event.what is What.REFUSED:
            refused = True
        elif event.what is What.REOPENED:
            outcome, refused = "", False
        elif event.what is What.CLOSED:
            outcome = event.words.partition(":")[0]
            yield from _dishonest(life, event, outcome, refused, last)
    yield from _not_found_out(life, outcome)


def _dishonest(life: Life, event: Happened, outcome: str, refused: bool, last: Happened | None) -> Iterator[str]:
    if outcome == "removed" and life.up_at(event.at):
        yield f"removed, yet it is still there: {event.line()}"
    elif outcome == "refused" and not refused:
        yield f"nobody refused: {event.line()}"
    elif outcome == "blocked_only" and (last is None or not kept_out(last.looks)):
        yield f"nobody was kept out: {event.line()}"
    elif outcome in ("refused", "unreachable", "blocked_only") and last is not None and proves_gone(last.looks):
        yield f"the last look found it gone: {event.line()}"
    elif outcome == "withdrawn" and all(other.what is not What.WITHDREW for other in life.history):
        yield f"nobody withdrew: {event.line()}"


def _not_found_out(life: Life, outcome: str) -> Iterator[str]:
    """What was clear to see in every look of the last quarter must be what the item says at the end."""
    looks = [event for event in life.history if event.what is What.LOOKED]
    late = [event for event in looks if event.at > END - _FOUND_OUT_WITHIN]
    if outcome == "removed" and anyone_sees_it(looks[-1].looks):
        yield f"seen at {looks[-1].at}, yet it ends as removed"
    if len(late) < 2 or outcome in ("", "removed", "withdrawn", "out_of_scope", "duplicate"):
        return
    held = late[-1].at - late[0].at
    if held >= timedelta(hours=6) and all(proves_gone(event.looks) for event in late):
        yield f"gone in every look since {late[0].at}, yet it ends as {outcome}"
