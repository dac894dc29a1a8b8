"""Steps of items: each decision changes a plan in memory, and plans are stored many at once, each whole or not at all."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from unseen import bulk
from unseen.casework.actions import Change, Told, give_back, know_content, still_true, store_all
from unseen.casework.models import Material
from unseen.domain import item as rules
from unseen.domain.limits import LOOK_DAILY, MEDIA_PLACES_MAX
from unseen.domain.recheck import Conclusion, Look
from unseen.domain.schedule import Accept, Ask, Close, Reopen
from unseen.keys.queries import key_of
from unseen.takedown.models import Finding, Notice, Place, Recheck
from unseen.takedown.probes.look import Sighting

_OF_FINDING = ("recheck_id", "vantage", "country", "kind", "page", "media", "is_proof")
QUESTION_CHARACTERS_MAX = 300  # the column's width; a question is a sentence


@dataclass
class Plan(Change):
    """The next steps of one item, with the rows that they add."""

    notices: list[Notice] = field(default_factory=list)
    rechecks: list[Recheck] = field(default_factory=list)
    findings: list[tuple[Recheck, tuple[object, ...]]] = field(default_factory=list)  # as in _OF_FINDING
    places: list[Place] = field(default_factory=list)


def take_step(plan: Plan, step: Accept | Ask | Close | Reopen, now: datetime) -> None:
    """A step that needs nothing from outside."""
    before = plan.after
    match step:
        case Accept():
            after, tag = rules.accepted(before), "item:match:accepted"
        case Ask(question=question):
            after, tag = rules.questioned(before, question), "item:person:asked"
        case Close(outcome=outcome):
            after, tag = rules.closed(before, outcome, now), "item:outcome:settled"
        case Reopen():
            after, tag = rules.reopened(before), "item:content:returned"
    plan.told.append(Told(tag, step.rule, after))


def ask_person(plan: Plan, question: str, rule: str, now: datetime) -> None:
    """Something outside the domain stands in the way: a person is asked, and we try again tomorrow."""
    after = rules.questioned(plan.after, question[:QUESTION_CHARACTERS_MAX])
    plan.told.append(Told("item:person:asked", rule, after))
    plan.due_at = now + LOOK_DAILY


def record_recheck(
    plan: Plan,
    looks: Sequence[Look],
    conclusion: Conclusion,
    sighting: tuple[Sighting, Material] | None,
    rule: str,
    now: datetime,
) -> None:
    """What every vantage found, and what it comes to. `sighting`: where the content was first seen, and what it is."""
    before, item = plan.after, plan.item
    if sighting is not None:
        where, material = sighting
        know_content(item, material, where.media.text, where.match)
        plan.knows_content = True
    data = {
        "finding": conclusion.kind,
        "vantages": {finding.vantage: finding.kind for finding in conclusion.findings},
    }
    plan.told.append(Told("item:place:rechecked", rule, rules.rechecked(before, conclusion, now), data))
    recheck = Recheck(item=item, at=now, round=before.round, rule=rule, conclusion=conclusion.kind)
    plan.rechecks.append(recheck)
    by_vantage = {look.vantage: look for look in looks}
    for finding in conclusion.findings:
        seen, proves = by_vantage[finding.vantage], finding.vantage in conclusion.proof
        found = (finding.vantage, finding.country, finding.kind, seen.page, seen.media, proves)
        plan.findings.append((recheck, found))


def know_places(plan: Plan, known: Collection[str], sightings: Sequence[Sighting], now: datetime) -> None:
    """Remember where else the media were got. The first places are kept: a site could name new ones for ever."""
    before = {*known, *(one.location for one in plan.places), plan.item.media_location}
    places = sorted({one.media.text for one in sightings} - before)
    room = MEDIA_PLACES_MAX - len(known) - len(plan.places)
    mark = key_of(plan.item.report_key).mark
    new = (Place(item=plan.item, location=place, mark=mark(place), seen_at=now) for place in places[:room])
    plan.places += new


def store_plans(plans: Sequence[Plan], now: datetime) -> list[Plan]:
    """Store those that are still true, in one transaction; the others stay due and are free. Returns what was stored."""
    with transaction.atomic():
        true = _unasked(still_true(plans))
        stored = {id(plan) for plan in true}
        give_back([plan.item for plan in plans if id(plan) not in stored])
        Notice.objects.bulk_create([notice for plan in true for notice in plan.notices])
        Recheck.objects.bulk_create([recheck for plan in true for recheck in plan.rechecks])
        found = [(recheck.pk, *row) for plan in true for recheck, row in plan.findings]
        bulk.append(Finding, _OF_FINDING, found)
        Place.objects.bulk_create([place for plan in true for place in plan.places])
        store_all(true, now)
    return true


def _unasked(plans: Sequence[Plan]) -> list[Plan]:
    """Without those whose item was written about meanwhile by another worker. Their items are locked."""
    writing = [plan.item.pk for plan in plans if plan.notices]
    if not writing:
        return list(plans)
    rounds = Notice.objects.filter(item__in=writing).values_list("item_id", "round")
    known = Counter(rounds)
    return [
        plan
        for plan in plans
        if not plan.notices or known[plan.item.pk, plan.before.round] == len(plan.before.notices)
    ]
