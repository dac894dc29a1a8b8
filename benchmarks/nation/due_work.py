"""How long it takes to find due work among a million open items: the worker's own queries, on both databases.

The items are written straight into the tables, with every constraint of theirs in force.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.nation.platforms import location_of
from benchmarks.nation.world import STARTS_AT, environment

ITEMS_A_CASE = 20
ROUNDS = 200
DUE_SHARE = 0.01  # so many are due now; the others within a month


def measure(folder: Path, url: str, items: int) -> dict[str, Any]:
    """Milliseconds of each query, p50 and p99, and the plan that the database chose."""
    database = f"sqlite:///{folder / 'unseen.sqlite3'}" if url == "sqlite" else url
    os.environ |= environment(folder, database)
    from unseen.cli.setup_django import migrate, setup_django

    setup_django()
    migrate()
    _fill(items)
    return {"items": items} | {name: _times(ask) for name, ask in _queries().items()} | {"plan": _plan()}


def _fill(items: int) -> None:
    from django.db import connection

    step = 100 * ITEMS_A_CASE
    for first in range(0, items, step):
        _fill_some(first, min(first + step, items), items)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _fill_some(first: int, last: int, items: int) -> None:
    from unseen.casework.models import Case, Item, mark_of
    from unseen.intake.models import Report
    from unseen.keys.actions import make

    numbers = range(first, last, ITEMS_A_CASE)
    reports = Report.objects.bulk_create(
        Report(received_at=STARTS_AT, locator=f"{number:016d}", receipt_digest="none", age_band="adult")
        for number in numbers
    )
    make([report.pk for report in reports])
    cases = Case.objects.bulk_create(
        Case(reference=f"C{number:09d}", report=report, country="KR", opened_at=STARTS_AT)
        for report, number in zip(reports, numbers, strict=True)
    )
    month = timedelta(days=30)
    Item.objects.bulk_create(
        Item(
            reference=f"I{item:09d}",
            case=cases[(item - first) // ITEMS_A_CASE],
            location=location_of(item),
            location_key=mark_of(cases[(item - first) // ITEMS_A_CASE].report_id, location_of(item), ""),
            host=location_of(item).split("/")[2],
            found_by="report",
            stage="recheck",
            opened_at=STARTS_AT,
            due_at=STARTS_AT if item % round(1 / DUE_SHARE) == 0 else STARTS_AT + month * (item + 1) / items,
        )
        for item in range(first, last)
    )


def _queries() -> dict[str, Callable[[], object]]:
    from unseen import leases
    from unseen.casework.models import Item
    from unseen.domain.limits import HANDFUL_ROWS_MAX

    def due() -> object:
        rows = Item.objects.filter(leases.is_due(STARTS_AT)).order_by("due_at", "pk")
        return list(rows.values_list("pk", flat=True)[:HANDFUL_ROWS_MAX])

    def claimed() -> object:
        return leases.claim(Item.objects.all(), "bench", STARTS_AT, 1)

    def nothing() -> object:
        return leases.claim(Item.objects.all(), "bench", STARTS_AT - timedelta(days=1), 1)

    def next_due() -> object:
        return leases.next_due_at(Item.objects.all())

    return {
        "find the keys of 200 due items": due,
        "claim one item": claimed,
        "learn that nothing is due": nothing,
        "when is something due next": next_due,
    }


def _times(ask: Callable[[], object]) -> dict[str, float]:
    took_ms = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        took_ms.append((time.perf_counter() - began) * 1_000)
    return {"p50_ms": statistics.median(took_ms), "p99_ms": statistics.quantiles(took_ms, n=100)[98]}


def _plan() -> str:
    """How the database finds the first due rows, without the times that differ at each run."""
    from django.db import connection

    from unseen import leases
    from unseen.casework.models import Item

    rows = Item.objects.filter(leases.is_due(STARTS_AT)).order_by("due_at", "pk").values_list("pk", flat=True)
    options = {"analyze": True} if connection.vendor == "postgresql" else {}
    return rows[:200].explain(**options)
