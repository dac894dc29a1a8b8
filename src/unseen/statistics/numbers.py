"""The centre's numbers for staff: what came in, what went away, what came back, what is overdue, and how long it took."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from unseen.casework.models import Item
from unseen.domain.item import NoticeState, Outcome, Stage
from unseen.domain.recheck import FindingKind
from unseen.statistics.queries import percentile
from unseen.takedown import queries as takedown
from unseen.takedown.models import Notice, Recheck

DAYS_SHOWN = 30
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Day:
    """One day, in UTC: items that became known, that were closed as removed, and that were seen again."""

    on: date
    arrived: int
    removed: int
    back: int


@dataclass(frozen=True, slots=True)
class Totals:
    """All items as they stand. Overdue: still open after the deadline of a notice of this round."""

    items: int
    open: int
    removed: int
    came_back: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Hours from the first received notice of a round to the first look that saw it gone, of one group."""

    name: str
    removed: int
    hours_median: float
    hours_p90: float


def totals(now: datetime, hosts: Collection[str] | None = None) -> Totals:
    """The centre's items in five numbers; `hosts` narrows them to those of one platform."""
    counts = Item.objects.filter(_at(hosts)).aggregate(
        items=Count("pk"),
        open=Count("pk", filter=~Q(stage=Stage.CLOSED)),
        removed=Count("pk", filter=Q(outcome=Outcome.REMOVED)),
        came_back=Count("pk", filter=Q(round__gt=1) | Q(came_back_from__isnull=False)),
    )
    late = Notice.objects.filter(
        _at(hosts, "item__"), state=NoticeState.SENT, deadline_at__lt=now, round=F("item__round")
    )
    overdue = late.exclude(item__stage=Stage.CLOSED).values("item").distinct().count()
    return Totals(overdue=overdue, **counts)


def days(now: datetime, hosts: Collection[str] | None = None, count: int = DAYS_SHOWN) -> list[Day]:
    """The last days, today the last, none left out; `hosts` narrows them to those of one platform."""
    first = now.date() - timedelta(days=count - 1)
    since = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=count - 1)
    arrived = _by_day(Item.objects.filter(_at(hosts), opened_at__gte=since), "opened_at")
    removed = _by_day(
        Item.objects.filter(_at(hosts), closed_at__gte=since, outcome=Outcome.REMOVED), "closed_at"
    )
    back = _by_day(
        Recheck.objects.filter(_at(hosts, "item__"), at__gte=since, conclusion=FindingKind.BACK), "at"
    )
    dates = [first + timedelta(days=number) for number in range(count)]
    return [Day(on, arrived[on], removed[on], back[on]) for on in dates]


def times_to_removal() -> dict[str, list[Taken]]:
    """How long removals took by platform, by law and by route, those with the most removals first."""
    groups: dict[str, dict[str, list[float]]] = {
        "platform": defaultdict(list), "law": defaultdict(list), "route": defaultdict(list)
    }  # fmt: skip
    directory = takedown.directory()
    names: dict[str, str] = {}
    for hours, host, law, rung, channel in _removals():
        if host not in names:
            names[host] = directory.party_for(host).name
        groups["platform"][names[host]].append(hours)
        groups["law"][law].append(hours)
        groups["route"][f"{rung} {channel}"].append(hours)
    return {kind: _taken(found) for kind, found in groups.items()}


def _at(hosts: Collection[str] | None, of: str = "") -> Q:
    return Q() if hosts is None else Q(**{f"{of}host__in": list(hosts)})


def _by_day(rows: QuerySet[Any], column: str) -> Counter[date]:
    counted = rows.annotate(on=TruncDate(column)).values("on").order_by("on").annotate(number=Count("pk"))
    return Counter({row["on"]: row["number"] for row in counted})


def _removals() -> Iterator[tuple[float, str, str, str, str]]:
    """Of each removed item: hours, host, and law, rung and channel of the last notice before it was gone."""
    received = Notice.objects.filter(
        state=NoticeState.SENT, round=F("item__round"), item__outcome=Outcome.REMOVED
    )
    columns = ("item_id", "item__host", "item__gone_since", "received_at", "laws", "rung", "channel")
    rows = received.order_by("item_id", "received_at", "pk").values_list(*columns)
    for _, group in groupby(rows.iterator(chunk_size=_ROWS_AT_ONCE), key=lambda row: row[0]):
        before = [row for row in group if row[2] is not None and row[3] <= row[2]]
        if before:
            first, last = before[0], before[-1]
            hours = (last[2] - first[3]).total_seconds() / 3600
            yield hours, last[1], last[4][0] if last[4] else "", last[5], last[6]


def _taken(found: dict[str, list[float]]) -> list[Taken]:
    rows = [
        Taken(name, len(hours), percentile(hours, 50) or 0.0, percentile(hours, 90) or 0.0)
        for name, hours in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.removed, row.name))
