"""Reads of cases and items: what staff may see. Nobody else sees an item."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from unseen.accounts.models import Staff
from unseen.accounts.permissions import Reach, reach_of
from unseen.accounts.queries import looks_allowed_since
from unseen.casework.models import Case, Item, LookTaken
from unseen.domain.item import Stage
from unseen.domain.limits import LOOKS_A_DAY_MAX

PAGE_ROWS = 50
OPEN = tuple(stage for stage in Stage if stage is not Stage.CLOSED)
_NUMBER_DIGITS_MAX = 18  # the largest number that the column holds has 19


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items somebody wants to see. `hosts` of None means of any platform."""

    stages: tuple[Stage, ...] = OPEN
    hosts: Collection[str] | None = None
    needs_person: bool = False
    text: str = ""  # an item's number, its reference, or its case's reference
    seen_by: Staff | None = None  # narrows it to the cases that this person may see


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. Pages count from 1."""

    items: tuple[Item, ...]
    number: int
    has_next: bool


def page_of(wanted: Wanted, number: int) -> Page:
    """The items of one page, the earliest due first; what will never be due stands at the end."""
    start = (number - 1) * PAGE_ROWS
    # Numbers first: sorting whole rows costs several times as much on a late page of 100,000 items.
    in_order = _matching(wanted).order_by(F("due_at").asc(nulls_last=True), "pk").values_list("pk", flat=True)
    numbers = list(in_order[start : start + PAGE_ROWS + 1])
    rows = Item.objects.select_related("case__report", "person").in_bulk(numbers[:PAGE_ROWS])
    items = tuple(rows[one] for one in numbers[:PAGE_ROWS] if one in rows)
    return Page(items, number, len(numbers) > PAGE_ROWS)


def item_numbered(number: int) -> Item | None:
    """One item with its case and material."""
    return (
        Item.objects.select_related("case__report", "person", "material__reported").filter(pk=number).first()
    )


def item_named(text: str) -> Item | None:
    """One item by what a person typed: its number or its reference."""
    named = Item.objects.select_related("case__report", "person", "material__reported").filter(
        called(text.strip())
    )
    return named.first()


def items_at(hosts: Collection[str]) -> QuerySet[Item]:
    """The items of these hosts, newest first."""
    return Item.objects.filter(host__in=hosts).select_related("case__report").order_by("-pk")


def hosts() -> list[str]:
    """Every host that an item stands on, each once."""
    return list(Item.objects.order_by("host").values_list("host", flat=True).distinct())


def visible_to(staff: Staff) -> Q:
    """The items that this person may see: all, or those of her own cases and of cases that nobody took on."""
    reach = reach_of(staff.role, "items")
    if reach is Reach.ALL:
        return Q()
    if reach is Reach.OWN:
        # Said by what is left out: the database then begins with whatever else is asked for, not with every case.
        others = Case.objects.filter(person__isnull=False).exclude(person=staff)
        return ~Q(case__in=others.values("pk"))
    return Q(pk__in=())


def person_of_item(number: int) -> list[int | None]:
    """Who took on the case of this item; empty when there is no such item."""
    if number >= 10**_NUMBER_DIGITS_MAX:
        return []
    return list(Item.objects.filter(pk=number).values_list("case__person", flat=True))


def person_of_case(reference: str) -> list[int | None]:
    """Who took on this case; empty when there is no such case."""
    return list(Case.objects.filter(reference=reference).values_list("person", flat=True))


def case_called(reference: str) -> Case | None:
    """One case with its report and person."""
    return Case.objects.select_related("report", "person").filter(reference=reference).first()


def looks_since(staff: Staff, since: datetime) -> int:
    """How many full locations this person had shown since then. For herself only: nobody is compared."""
    return LookTaken.objects.filter(staff=staff, at__gte=since).count()


def looks_max(staff: Staff, now: datetime) -> int:
    """How many full locations this person may have shown in the last day, with what a reviewer allowed."""
    return LOOKS_A_DAY_MAX * (1 + looks_allowed_since(staff, now - timedelta(days=1)))


def looks_left(staff: Staff, now: datetime) -> int:
    """How many of them are left."""
    return looks_max(staff, now) - looks_since(staff, now - timedelta(days=1))


def looks_at(case: Case) -> list[LookTaken]:
    """Who had a location of this case shown, when and why, the latest first."""
    return list(LookTaken.objects.filter(item__case=case).select_related("staff", "item").order_by("-at"))


def open_and_asking(staff: Staff) -> tuple[int, int]:
    """How many items that this person may see are open, and how many of these wait for a person."""
    counts = (
        Item.objects.filter(visible_to(staff))
        .exclude(stage=Stage.CLOSED)
        .aggregate(open=Count("pk"), asking=Count("pk", filter=_asks_a_person()))
    )
    return counts["open"], counts["asking"]


def _matching(wanted: Wanted) -> QuerySet[Item]:
    rows = Item.objects.filter(visible_to(wanted.seen_by)) if wanted.seen_by else Item.objects.all()
    text = wanted.text.strip()
    if text:  # whoever searches for one item wants it at whatever stage it is
        return rows.filter(_named(text))
    if set(wanted.stages) != set(Stage):
        rows = rows.filter(stage__in=wanted.stages)
    if wanted.hosts is not None:
        rows = rows.filter(host__in=wanted.hosts)
    if wanted.needs_person:
        rows = rows.filter(_asks_a_person())
    return rows


def _named(text: str) -> Q:
    return called(text) | Q(case__reference=text.upper())


def called(text: str) -> Q:
    """Items that people call so: by number or by reference."""
    found = Q(reference=text.upper())
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) <= _NUMBER_DIGITS_MAX:
        found |= Q(pk=int(number))
    return found


def _asks_a_person() -> Q:
    return Q(question__gt="") | Q(person__isnull=False)
