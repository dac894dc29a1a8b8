"""Writes about cases and items. Nothing else stores an item."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Q

from unseen import bulk
from unseen.accounts.models import Staff
from unseen.casework.models import FACT_COLUMNS, Answer, Case, FoundBy, Item, Material, as_columns, mark_of
from unseen.domain import item as rules
from unseen.domain.item import ItemFacts, Outcome, Stage
from unseen.domain.limits import RETRY_AFTER_MAX
from unseen.domain.match import Match
from unseen.intake.actions import mark_feed_due
from unseen.intake.models import Report
from unseen.journal import actions as journal
from unseen.keys.box import EMPTY
from unseen.leases import free, let_go

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# What steps change of a row, besides its facts. Whose task it is belongs to people, and the rest never changes.
_OF_THE_QUEUE = ("due_at", "lease_by", "lease_until")
_OF_THE_CONTENT = ("material", "media_location", "location_key", "how", "distance_bits")


C = TypeVar("C", bound="Change")


class Stale(Exception):
    """The item changed since the decision was made; nothing was stored, and it stays due."""


def _reference() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def open_case(report: Report, country: str, now: datetime) -> Case | None:
    """Make a case of a report: its material, and an item for each reported location. Once."""
    try:
        with transaction.atomic():
            case = Case.objects.create(reference=_reference(), report=report, country=country, opened_at=now)
            reported = report.materials.order_by("number")
            materials = [Material.objects.create(case=case, reported=row) for row in reported]
            journal.write(
                "case:report:opened",
                journal.about("case", case.pk),
                now,
                report=report.pk,
                materials=len(materials),
            )
            places = [row.text for row in report.locations.order_by("id")]
            _add_items([_new_item(case, place, FoundBy.REPORT, now) for place in places], now)
    except IntegrityError:
        if Case.objects.filter(report=report).exists():
            return None  # another worker opened it
        raise
    return case


def add_found_item(
    material: Material, location: str, media_location: str, match: Match, now: datetime
) -> Item | None:
    """A copy was found at a new place. None when we know this place already (a bare report of it included), or when the
    person does not want us to watch for copies.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).get(pk=material.case_id)
        if case.withdrawn_at is not None or not case.report.may_watch:
            return None
        if _is_known(case, location, media_location):
            return None
        item = _new_item(case, location, FoundBy.SCAN, now)
        know_content(item, material, media_location, match)
        item.matched = True
        item.came_back_from = _removed_before(item)
        mark_feed_due([case.report_id])  # our own look confirms what the reporter says
        _add_items([item], now)
        if item.came_back_from is not None:
            journal.write(
                "item:copy:returned", journal.about("item", item.came_back_from.pk), now, new_item=item.pk
            )
    return item


def _is_known(case: Case, location: str, media_location: str) -> bool:
    """Whether the case has an item of this medium, or one of the bare page whose medium is still open."""
    here, bare = (mark_of(case.report_id, location, medium) for medium in (media_location, ""))
    known = Item.objects.filter(case=case)
    return known.filter(Q(location_key=here) | Q(location_key=bare, material__isnull=True)).exists()


def _new_item(case: Case, location: str, found_by: FoundBy, now: datetime) -> Item:
    """In memory; `_add_items` writes it."""
    return Item(
        reference=_reference(),
        case=case,
        location=location,
        host=urlsplit(location).hostname or "",
        found_by=found_by,
        stage=Stage.RECEIVED,
        opened_at=now,
        due_at=now,
    )


def _add_items(items: Sequence[Item], now: datetime) -> None:
    """Every row that it touches is locked before the journal is: two workers cannot wait for each other."""
    for item in items:
        item.location_key = mark_of(item.report_key, item.location, item.media_location)
    Item.objects.bulk_create(items)
    lines = []
    for item in items:
        tag = "item:location:reported" if item.found_by == FoundBy.REPORT else "item:location:found"
        facts = {"case": item.case_id, "stage": item.stage, "round": item.round}
        lines.append(journal.Line(tag, journal.about("item", item.pk), facts))
    journal.write_all(lines, now)


def _removed_before(item: Item) -> Item | None:
    """The latest item of the same material that this platform had removed: the new one is its return."""
    removed = Item.objects.filter(material=item.material, host=item.host, outcome=Outcome.REMOVED)
    return removed.order_by("-closed_at").first()


def know_content(item: Item, material: Material, media_location: str, match: Match) -> None:
    """A look found the material at a reported location; kept in memory, `store` writes it."""
    item.material, item.media_location = material, media_location
    item.location_key = mark_of(item.report_key, item.location, media_location)
    item.how, item.distance_bits = match.how, match.distance_bits


@dataclass(frozen=True, slots=True)
class Told:
    """One step, as the journal tells it: what the item became, by which rule, and what else there is to say."""

    tag: str
    rule: str
    after: ItemFacts
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Change:
    """What was decided about one item, step after step, from the facts `before`: stored whole or not at all.

    Without a step only the due time changes, and the journal says nothing.
    """

    item: Item
    before: ItemFacts
    due_at: datetime | None
    told: list[Told] = field(default_factory=list)
    knows_content: bool = False  # a step learnt what is shown there

    @property
    def after(self) -> ItemFacts:
        """The facts after all its steps."""
        return self.told[-1].after if self.told else self.before


def still_true(changes: Sequence[C]) -> list[C]:
    """Those whose items are as they were when it was decided. Locks all the items, in one order. In a transaction.

    An item that was woken meanwhile (a reply came, or a withdrawal) keeps its own due time.
    """
    pks = [change.item.pk for change in changes]
    rows = Item.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    known = {row[0]: row[1:] for row in rows.values_list("pk", "due_at", *FACT_COLUMNS)}
    true = []
    for change in changes:
        due_at, *facts = known[change.item.pk]
        if tuple(facts) != as_columns(change.before):
            continue
        if due_at != change.item.due_at:
            change.due_at = due_at
        true.append(change)
    return true


def store_all(changes: Sequence[Change], now: datetime) -> None:
    """Store what is still true (`still_true`), with one journal entry a step, in the same transaction."""
    for change in changes:
        change.item.absorb(change.after)
        free(change.item, change.due_at)
    found = [change.item for change in changes if change.after.matched and not change.before.matched]
    if found:
        mark_feed_due({item.report_key for item in found})
    bulk.change([change.item for change in changes], (*_OF_THE_QUEUE, *_that_changed(changes)))
    lines = [_line(change.item, told) for change in changes for told in change.told]
    journal.write_all(lines, now)


def _that_changed(changes: Sequence[Change]) -> Iterator[str]:
    """The columns in which any of them differs from what was read: mostly a few of many."""
    pairs = [(as_columns(change.before), as_columns(change.after)) for change in changes if change.told]
    for number, name in enumerate(FACT_COLUMNS):
        if any(before[number] != after[number] for before, after in pairs):
            yield name
    if any(change.knows_content for change in changes):
        yield from _OF_THE_CONTENT


def _line(item: Item, told: Told) -> journal.Line:
    after = told.after
    facts = {"stage": after.stage, "outcome": after.outcome or "", "round": after.round, "rule": told.rule}
    return journal.Line(told.tag, journal.about("item", item.pk), {**facts, **told.data})


def store(
    item: Item,
    before: ItemFacts,
    after: ItemFacts,
    *,
    tag: str,
    rule: str,
    due_at: datetime | None,
    now: datetime,
    **data: object,
) -> None:
    """Store one step of one item. Raises Stale. Call it inside a transaction."""
    change = Change(item, before, due_at, [Told(tag, rule, after, data)])
    if not still_true([change]):
        raise Stale(f"item {item.pk} changed meanwhile")
    store_all([change], now)


def give_back(items: Sequence[Item]) -> None:
    """Nothing was decided: they are as due as they were, and free."""
    let_go(Item.objects.all(), items)


def make_due(item_id: int, now: datetime) -> None:
    """Something was learnt that may change the next step: look at the item now, unless it rests for good."""
    resting = Item.objects.filter(stage=Stage.CLOSED, due_at__isnull=True)
    Item.objects.filter(pk=item_id).exclude(pk__in=resting.values("pk")).update(due_at=now)


def date_back(now: datetime) -> int:
    """A clock that ran ahead is right again: what it dated later than now happened now, and is decided anew.

    Returns how many items were changed. Call it inside a transaction.
    """
    for name in ("opened_at", "closed_at", "withdrawn_at", "last_recheck_at", "gone_since"):
        Item.objects.filter(**{f"{name}__gt": now}).update(**{name: now})
    Item.objects.filter(look_not_before__gt=now + RETRY_AFTER_MAX).update(look_not_before=now)
    return Item.objects.filter(due_at__gt=now).update(due_at=now)


def withdraw_case(case: Case, now: datetime) -> None:
    """The person says stop: mark the case and every item; each is closed by its next step."""
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
            return
        # All rows are locked before the journal is: two workers cannot wait for each other.
        items = list(Item.objects.select_for_update(no_key=True).filter(case=case).order_by("pk"))
        journal.write("case:report:withdrawn", journal.about("case", case.pk), now)
        for item in items:
            item.withdrawn_at, item.due_at = now, now
            item.save(update_fields=["withdrawn_at", "due_at"])
            facts = {"stage": item.stage, "outcome": item.outcome, "round": item.round}
            journal.write("item:case:withdrawn", journal.about("item", item.pk), now, **facts)


def erase_items(case: Case, kept_host: Callable[[str], str]) -> None:
    """After withdrawal: what its items say of the person. What stays counts for their platform, by the host that is kept."""
    Answer.objects.filter(item__case=case).update(confirmation=EMPTY)
    items = Item.objects.filter(case=case)
    items.update(location=EMPTY, media_location=EMPTY, question="", person=None)
    for host in items.order_by("host").values_list("host", flat=True).distinct():
        items.filter(host=host).update(host=kept_host(host))


def answer_question(item_id: int, *, ours: bool, staff: Staff, now: datetime) -> Item:
    """A person answered: it is ours and a notice may go out, or it is out of scope. Raises IllegalMove."""
    with transaction.atomic():
        item = Item.objects.select_for_update(no_key=True).get(pk=item_id)
        before = item.facts((), ())
        after = rules.accepted(before) if ours else rules.closed(before, Outcome.OUT_OF_SCOPE, now)
        store(
            item,
            before,
            after,
            tag="item:question:answered",
            rule="a person decided",
            due_at=now,
            now=now,
            staff=staff.pk,
        )
    return item
