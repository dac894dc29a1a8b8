"""What became of items, platform by platform. For staff; it holds counts, times and the platform's own name."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from statistics import quantiles

from django.db.models import Count, F, Max, Q

from unseen.casework.models import Item
from unseen.domain.item import NoticeState, Outcome, Stage
from unseen.takedown import queries as takedown
from unseen.takedown.directory.party import Party
from unseen.takedown.models import Notice


@dataclass(frozen=True, slots=True)
class Route:
    """A rung and a channel, and how many removals followed a notice on it, of all that we tried it for."""

    rung: str
    channel: str
    removed: int
    tried: int


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """One platform. Hours run from the first received notice of a round to the first look that saw it gone."""

    party: Party
    items: int
    removed: int
    open: int
    came_back: int
    removal_hours_median: float | None
    removal_hours_p90: float | None
    last_notice_at: datetime | None
    routes: tuple[Route, ...]

    @property
    def otherwise(self) -> int:
        """Closed with another outcome."""
        return self.items - self.removed - self.open


@dataclass(slots=True)
class _Sums:
    party: Party
    items: int = 0
    removed: int = 0
    open: int = 0
    came_back: int = 0
    hours: list[float] = field(default_factory=list)
    last_notice_at: datetime | None = None
    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    worked: Counter[tuple[str, str]] = field(default_factory=Counter)


def platform_rows(hosts: Iterable[str] | None = None) -> list[PlatformRow]:
    """One row for each platform with items, most open ones first; `hosts` narrows it to those of one platform."""
    narrowed = Q() if hosts is None else Q(host__in=list(hosts))
    sums: dict[str, _Sums] = {}
    by_host: dict[str, _Sums] = {}
    counted = (
        Item.objects.filter(narrowed)
        .order_by("host")
        .values("host")
        .annotate(
            items=Count("pk"),
            removed=Count("pk", filter=Q(outcome=Outcome.REMOVED)),
            open=Count("pk", filter=~Q(stage=Stage.CLOSED)),
            came_back=Count("pk", filter=Q(round__gt=1) | Q(came_back_from__isnull=False)),
        )
    )
    for row in counted:
        party = takedown.directory().party_for(row["host"])
        total = by_host[row["host"]] = sums.setdefault(party.key, _Sums(party))
        for name in ("items", "removed", "open", "came_back"):
            setattr(total, name, getattr(total, name) + row[name])
    _add_notices(by_host)
    rows = [_row(one) for one in sums.values()]
    return sorted(rows, key=lambda row: (-row.open, -row.items, row.party.name.lower()))


def _add_notices(by_host: Mapping[str, _Sums]) -> None:
    """Times and routes, from the notices that were received; one pass over them."""
    received = Notice.objects.filter(state=NoticeState.SENT, item__host__in=list(by_host))
    for row in received.order_by("item__host").values("item__host").annotate(last=Max("received_at")):
        total = by_host[row["item__host"]]
        total.last_notice_at = max(filter(None, (total.last_notice_at, row["last"])), default=None)
    columns = ("item_id", "item__host", "item__outcome", "item__gone_since", "received_at", "rung", "channel")
    of_this_round = received.filter(round=F("item__round")).order_by("item_id", "received_at", "pk")
    rows = of_this_round.values_list(*columns).iterator(chunk_size=5_000)
    for _, group in groupby(rows, key=lambda row: row[0]):
        notices = list(group)
        total = by_host[notices[0][1]]
        for notice in notices:
            total.tried[notice[5], notice[6]] += 1
        gone_since = notices[0][3]
        before = [notice for notice in notices if gone_since is not None and notice[4] <= gone_since]
        if notices[0][2] == Outcome.REMOVED and before:
            total.hours.append((gone_since - before[0][4]).total_seconds() / 3600)
            total.worked[before[-1][5], before[-1][6]] += 1


def _row(sums: _Sums) -> PlatformRow:
    return PlatformRow(
        party=sums.party,
        items=sums.items,
        removed=sums.removed,
        open=sums.open,
        came_back=sums.came_back,
        removal_hours_median=percentile(sums.hours, 50),
        removal_hours_p90=percentile(sums.hours, 90),
        last_notice_at=sums.last_notice_at,
        routes=tuple(
            Route(rung, channel, sums.worked[rung, channel], tried)
            for (rung, channel), tried in sums.tried.most_common()
        ),
    )


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Interpolated between the two nearest values; one value is its own percentile."""
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=100, method="inclusive")[percent - 1]
