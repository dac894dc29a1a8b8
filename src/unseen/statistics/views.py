"""The desk's pages about platforms: how long each takes, and which routes work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from unseen.accounts.models import staff_of
from unseen.casework import queries as items
from unseen.clock import now
from unseen.statistics.numbers import Day, days, times_to_removal, totals
from unseen.statistics.queries import platform_rows
from unseen.takedown import queries as takedown
from unseen.takedown.directory.directory import LocationNotUnderstood, UnknownName
from unseen.takedown.directory.party import Party
from unseen.takedown.explain_next import next_of

ITEMS_SHOWN_MAX = 50  # the newest; the list of items has the rest
COLUMN_WIDTH, CHART_HEIGHT = 20, 100  # SVG units; the page stretches them


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the picture: where its bars stand and how high, in SVG units."""

    day: Day
    x: float
    arrived: float
    removed: float
    back: float


@never_cache
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """What came in, went away, came back and is overdue, and how long removals took: as of this minute."""
    return render(request, "statistics/numbers_page.html", _numbers(now().replace(second=0, microsecond=0)))


@lru_cache(maxsize=1)
def _numbers(minute: datetime) -> dict[str, object]:
    """Counted once a minute, however many look: each count reads every item."""
    return {
        "totals": totals(minute),
        "times": times_to_removal(),
        "as_of": minute,
        **_picture(days(minute)),
    }


def _picture(shown: Sequence[Day]) -> dict[str, object]:
    """Three bars a day, as high as the highest of all allows."""
    most = max(max(one.arrived, one.removed, one.back) for one in shown) or 1
    columns = [
        Column(
            one,
            number * COLUMN_WIDTH,
            *(height / most * CHART_HEIGHT for height in (one.arrived, one.removed, one.back)),
        )
        for number, one in enumerate(shown)
    ]
    return {
        "columns": columns,
        "most": most,
        "width": COLUMN_WIDTH * len(columns),
        "height": CHART_HEIGHT,
    }


@never_cache
@require_GET
def platform_list(request: HttpRequest) -> HttpResponse:
    """Every platform that an item stands on."""
    return render(request, "statistics/platform_list.html", {"rows": platform_rows(), "now": now()})


@never_cache
@require_GET
def platform_page(request: HttpRequest, key: str) -> HttpResponse:
    """One platform: what the directory says about it, and what became of its items."""
    party = _party(key)
    hosts = [host for host in items.hosts() if takedown.directory().party_for(host).key == party.key]
    staff = staff_of(request.user)
    shown = list(items.items_at(hosts).filter(items.visible_to(staff))[:ITEMS_SHOWN_MAX])
    coming = next_of(shown, at := now())
    context = {
        "party": party,
        "row": next(iter(platform_rows(hosts)), None) if hosts else None,
        "laws": [takedown.directory().law(law_id) for law_id in takedown.directory().laws_for(party)],
        "items": [(item, coming[item.pk]) for item in shown],
        "overdue": totals(at, hosts).overdue,
        **_picture(days(at, hosts)),
        "items_shown_max": ITEMS_SHOWN_MAX,
        "now": at,
    }
    return render(request, "statistics/platform_page.html", context)


def _party(key: str) -> Party:
    try:
        return takedown.directory().party(key)
    except (UnknownName, LocationNotUnderstood) as error:
        raise Http404("there is no such platform") from error
