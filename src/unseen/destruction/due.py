"""Due work of destruction: reports that were withdrawn and for which every stage has stopped, and what is left on the disk."""

from datetime import datetime

from unseen.destruction import actions, queries
from unseen.domain.limits import DESTROY_WITHIN

REPORTS_AT_ONCE = 100


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    left = list(queries.unfinished()[:REPORTS_AT_ONCE])  # nearly always none: one look
    done = sum(actions.destroy(report, now) for report in left if report.destroyed_at is None)
    return done + (actions.clear_traces(now) if left else 0)


def next_due_at() -> datetime | None:
    """What stops the others is their due work; ours is due when we wait for them no longer. Clearing comes with any turn."""
    first = queries.waiting().first()
    return first.withdrawn_at + DESTROY_WITHIN if first is not None and first.withdrawn_at else None
