"""The queue: a due time in a row, and a lease on it, shared by any number of workers.

A row whose `due_at` has come is due. Whoever takes it writes a lease under its own name in the same transaction
(`SKIP LOCKED` on PostgreSQL, one writer at a time on SQLite). A worker that starts takes back what its predecessor
of the same name had in hand; any other lease runs out by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from unseen.domain.limits import HANDFUL_LASTS, HANDFUL_ROWS_MAX, LEASE

M = TypeVar("M", bound="Leased")


class Leased(models.Model):
    """A row that has due work of its own."""

    due_at = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=100, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Shared by the tables that are queues."""

        abstract = True


def is_due(now: datetime) -> Q:
    """Rows that are due and that nobody holds."""
    return Q(due_at__lte=now) & (Q(lease_until__isnull=True) | Q(lease_until__lte=now))


def claim(rows: models.QuerySet[M], worker: str, now: datetime, limit: int) -> list[M]:
    """Take up to `limit` due rows, earliest first, under this worker's name."""
    if not rows.filter(is_due(now)).exists():
        return []  # the usual case costs one look and no write lock
    with transaction.atomic():
        due = rows.filter(is_due(now)).order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        taken = list(due[:limit])
        until = now + LEASE
        rows.filter(pk__in=[row.pk for row in taken]).update(lease_by=worker, lease_until=until)
        for row in taken:
            row.lease_by, row.lease_until = worker, until
    return taken


def let_go(rows: models.QuerySet[M], taken: Sequence[M]) -> None:
    """Give leases back and change nothing else. A row that another worker took over meanwhile stays with it."""
    for worker in {row.lease_by for row in taken}:
        held = [row.pk for row in taken if row.lease_by == worker]
        rows.filter(pk__in=held, lease_by=worker).update(lease_by="", lease_until=None)


class Handful:
    """How many rows a worker takes at once: many while all goes well, one after a failure, and slowly more again.

    A row that always fails would fail the others of its handful each time. Taken alone it is the only one that waits.
    """

    def __init__(self) -> None:
        self.size = HANDFUL_ROWS_MAX

    @contextmanager
    def claimed(self, rows: models.QuerySet[M], worker: str, now: datetime) -> Iterator[list[M]]:
        """Take due rows. If the block fails, those of a larger handful are given back and tried one by one."""
        taken = claim(rows, worker, now, self.size)
        whole = False
        try:
            yield taken
            whole = True
        finally:
            self.size = min(self.size * 2, HANDFUL_ROWS_MAX) if whole else 1
            if not whole and len(taken) > 1:
                let_go(rows, taken)


def while_it_lasts(taken: Sequence[M], give_back: Callable[[Sequence[M]], None]) -> Iterator[M]:
    """One after the other until the time of a handful is over; what was not begun is given back.

    So each row is begun soon after its lease: a slow one in front does not eat up the lease of those behind it.
    """
    began_s = monotonic()
    for number, row in enumerate(taken):
        if number and monotonic() - began_s > HANDFUL_LASTS.total_seconds():
            give_back(taken[number:])
            return
        yield row


def take_back(models_with_leases: Iterable[type[Leased]], worker: str) -> int:
    """Free what a dead predecessor of this name held. The caller must be the only living worker of that name."""
    freed = 0
    for model in models_with_leases:
        held: QuerySet[Leased] = QuerySet(model).filter(lease_by=worker)
        freed += held.update(lease_until=None, lease_by="")
    return freed


def shorten(models_with_leases: Iterable[type[Leased]], now: datetime) -> None:
    """A clock that ran ahead is right again: no lease lasts longer from now than a lease does."""
    for model in models_with_leases:
        QuerySet(model).filter(lease_until__gt=now + LEASE).update(lease_until=now + LEASE)


def free(row: Leased, due_at: datetime | None) -> None:
    """Give the lease back in memory and set the next due time; the caller stores the row."""
    row.due_at, row.lease_by, row.lease_until = due_at, "", None


def next_due_at(rows: models.QuerySet[Any]) -> datetime | None:
    """The earliest time at which one of these rows can be claimed. Reads the few that come first, never the table."""
    waiting = rows.filter(due_at__isnull=False)
    free_row = waiting.filter(lease_until__isnull=True).order_by("due_at")
    due: datetime | None = free_row.values_list("due_at", flat=True).first()
    held = waiting.filter(lease_until__isnull=False)
    if due is not None:
        held = held.filter(due_at__lt=due)  # one that is due later cannot be claimed before
    ends = held.aggregate(at=models.Min(Greatest("due_at", "lease_until")))["at"]
    return min((at for at in (due, ends) if at is not None), default=None)
