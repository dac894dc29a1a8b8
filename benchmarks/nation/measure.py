"""One run: items come in at a fixed rate, the clock moves an hour at a time, and steps are counted from the journal."""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.nation.platforms import PLACES_A_REPORT, PLATFORMS, Platforms
from benchmarks.nation.world import STARTS_AT, Centre, environment

ITEMS_A_DAY = 10_000
QUANTUM = timedelta(hours=1)
DAYS_AFTER = 12  # what came last has its outcome by then
STEPS = (
    "item:match:accepted",
    "item:person:asked",
    "item:outcome:settled",
    "item:content:returned",
    "item:place:rechecked",
    "item:notice:made",
    "item:notice:delivered",
    "item:notice:failed",
)


@dataclass(frozen=True)
class Mark:
    """Where a run stood when so many items were reported."""

    items: int
    steps: int
    busy_s: float
    database_bytes: int
    memory_bytes: int


def run(
    items: int,
    database: str,
    workers: int,
    told: Callable[[Mark], None],
    *,
    a_day: int = ITEMS_A_DAY,
    kills: int = 0,
    minutes_max: float = 120,
    days_after: int = DAYS_AFTER,
) -> dict[str, Any]:
    """Whole lives of so many items. `database`: "sqlite", or the URL of an empty PostgreSQL database."""
    with tempfile.TemporaryDirectory(prefix="unseen-nation-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'unseen.sqlite3'}" if database == "sqlite" else database
        os.environ |= environment(folder, url)
        from unseen.cli.setup_django import migrate, setup_django

        setup_django()
        migrate()
        return Run(folder, items, workers, a_day, kills).live(told, minutes_max, days_after)


class Run:
    """One run in one folder."""

    def __init__(self, folder: Path, items: int, workers: int, a_day: int, kills: int) -> None:
        self._items, self._a_day = items, a_day
        self._state = folder / "state"
        self._platforms = Platforms.create(self._state, items)
        names = [f"worker-{number + 1}" for number in range(workers)]
        self._centre = Centre(folder, self._state, names, kills)
        self._busy_s, self._reported = 0.0, 0
        self._counted_to, self._steps = 0, dict.fromkeys(STEPS, 0)
        self._marks: list[Mark] = []

    def live(self, told: Callable[[Mark], None], minutes_max: float, days_after: int) -> dict[str, Any]:
        from benchmarks.nation import reports

        self._centre.wait_until_idle(STARTS_AT)
        now, began = STARTS_AT, time.monotonic()
        ends_at = STARTS_AT + timedelta(days=self._items / self._a_day + days_after)
        due_by = int(self._a_day * QUANTUM / timedelta(days=1))
        a_quantum = max(due_by - due_by % PLACES_A_REPORT, PLACES_A_REPORT)
        while now < ends_at and time.monotonic() - began < 60 * minutes_max:
            now += QUANTUM
            upto = min(self._reported + a_quantum, self._items)
            reports.insert(self._reported, upto, now)
            self._reported = upto
            self._busy_s += self._centre.move_to(now)
            if (now - STARTS_AT) % timedelta(days=1) == timedelta():
                self._marks.append(self._mark())
                told(self._marks[-1])
        self._marks.append(self._mark())
        return self._results(time.monotonic() - began, now)

    def _mark(self) -> Mark:
        self._count()
        return Mark(
            self._reported,
            sum(self._steps.values()),
            self._busy_s,
            database_size_bytes(),
            self._centre.memory_bytes(),
        )

    def _count(self) -> None:
        """Steps since the last count, from the journal."""
        from django.db.models import Count, Max

        from unseen.journal.models import Entry

        last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
        new = Entry.objects.filter(pk__gt=self._counted_to, pk__lte=last, tag__in=STEPS)
        for tag, count in new.values_list("tag").annotate(count=Count("pk")):
            self._steps[tag] += count
        self._counted_to = last

    def _results(self, took_s: float, now: datetime) -> dict[str, Any]:
        workers = self._centre.stop()
        return {
            "items": self._reported,
            "platforms": PLATFORMS,
            "a_day": self._a_day,
            "workers": len(workers),
            "kills": self._centre.kills,
            "marks": [asdict(mark) for mark in self._marks],
            "steps": self._steps,
            "busy_s": self._busy_s,
            "took_s": took_s,
            "worker_memory_bytes": max(memory for memory, _ in workers),
            "worker_cpu_s": [cpu_s for _, cpu_s in workers],
            **outcomes(self._platforms, now),
        }


def outcomes(platforms: Platforms, now: datetime) -> dict[str, Any]:
    """How the items ended, and whether what was stored as sent is what arrived.

    A notice that was made in the last hour and waits for others to the same addressee is not late.
    """
    from django.db.models import Count

    from unseen.casework.models import Item
    from unseen.journal.queries import first_broken_entry
    from unseen.takedown.models import Notice

    ends = (
        Item.objects.values_list("stage", "outcome").annotate(count=Count("pk")).order_by("stage", "outcome")
    )
    letters, doubled = platforms.arrived()
    unsent = Notice.objects.exclude(state="sent").exclude(state="ready", due_at__gt=now)
    leased = (model.objects.exclude(lease_by="").count() for model in (Item, Notice))
    return {
        "ends": {f"{stage} {outcome}".strip(): count for stage, outcome, count in ends},
        "notices_not_sent": unsent.count(),
        "letters_sent": Notice.objects.filter(state="sent", carrier__isnull=True).count(),
        "letters_arrived": letters,
        "letters_doubled": doubled,
        "left_leased": sum(leased),
        "first_broken_entry": first_broken_entry(),
    }


def database_size_bytes() -> int:
    """All tables and indexes; of SQLite the file and its log."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(str(connection.settings_dict["NAME"]))
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(each.stat().st_size for each in files if each.exists())
