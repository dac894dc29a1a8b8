"""Writes about the next step of an item: accepting, asking, closing, reopening, and what a recheck found."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from unseen.casework.actions import know_content, store
from unseen.casework.models import Item, Material
from unseen.domain import item as rules
from unseen.domain.item import ItemFacts
from unseen.domain.limits import LOOK_DAILY, MEDIA_PLACES_MAX
from unseen.domain.recheck import Conclusion, Look
from unseen.domain.schedule import Accept, Ask, Close, Reopen
from unseen.takedown.models import Finding, Place, Recheck
from unseen.takedown.probes.look import Sighting

QUESTION_CHARACTERS_MAX = 300  # the column's width; a question is a sentence


def take_step(item: Item, before: ItemFacts, step: Accept | Ask | Close | Reopen, now: datetime) -> None:
    """Store a step that needs nothing from outside. The item is due again at once. Raises Stale."""
    match step:
        case Accept():
            after, tag = rules.accepted(before), "item:match:accepted"
        case Ask(question=question):
            after, tag = rules.questioned(before, question), "item:person:asked"
        case Close(outcome=outcome):
            after, tag = rules.closed(before, outcome, now), "item:outcome:settled"
        case Reopen():
            after, tag = rules.reopened(before), "item:content:returned"
    with transaction.atomic():
        store(item, before, after, tag=tag, rule=step.rule, due_at=now, now=now)


def ask_person(item: Item, before: ItemFacts, question: str, rule: str, now: datetime) -> None:
    """Something outside the domain stands in the way: a person is asked, and we try again tomorrow. Raises Stale."""
    after = rules.questioned(before, question[:QUESTION_CHARACTERS_MAX])
    with transaction.atomic():
        store(item, before, after, tag="item:person:asked", rule=rule, due_at=now + LOOK_DAILY, now=now)


def record_recheck(
    item: Item,
    before: ItemFacts,
    looks: Sequence[Look],
    conclusion: Conclusion,
    sightings: Sequence[Sighting],
    rule: str,
    now: datetime,
) -> None:
    """Store what every vantage found and what it comes to. Raises Stale."""
    after = rules.rechecked(before, conclusion, now)
    sighting = min(sightings, key=lambda one: one.match.distance_bits, default=None)
    bare = item.material_id is None
    with transaction.atomic():
        if sighting is not None and (item.material is None or not item.media_location):
            material = Material.objects.get(
                case_id=item.case_id, reported_id=uuid.UUID(sighting.match.material)
            )
            know_content(item, material, sighting.media.text, sighting.match)
        if not bare:  # on a reported page each further medium becomes an item of its own
            _know_places(item, sightings, now)
        store(
            item,
            before,
            after,
            tag="item:place:rechecked",
            rule=rule,
            due_at=now,
            now=now,
            finding=conclusion.kind,
            vantages={finding.vantage: finding.kind for finding in conclusion.findings},
        )
        recheck = Recheck.objects.create(
            item=item, at=now, round=before.round, rule=rule, conclusion=conclusion.kind
        )
        seen = {look.vantage: look for look in looks}
        Finding.objects.bulk_create(
            Finding(
                recheck=recheck,
                vantage=finding.vantage,
                country=finding.country,
                kind=finding.kind,
                page=seen[finding.vantage].page,
                media=seen[finding.vantage].media,
                is_proof=finding.vantage in conclusion.proof,
            )
            for finding in conclusion.findings
        )


def _know_places(item: Item, sightings: Sequence[Sighting], now: datetime) -> None:
    """Remember where else the media were got. The first places are kept: a site could name new ones for ever."""
    places = {one.media.text for one in sightings} - {item.media_location}
    if not places:
        return
    known = set(Place.objects.filter(item=item).values_list("location", flat=True))
    for place in sorted(places - known)[: MEDIA_PLACES_MAX - len(known)]:
        Place.objects.create(item=item, location=place, seen_at=now)
