"""Due work of takedown: mail that came, notices to send or look up, items whose next step is due."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from unseen import leases
from unseen.casework.actions import Stale, add_found_item, postpone
from unseen.casework.models import Item, Material
from unseen.discovery.looker import TooSoon, looker, place
from unseen.discovery.recognise import recogniser
from unseen.domain.batch import Piece, fits
from unseen.domain.item import ItemFacts, NoticeState, Outcome, Stage
from unseen.domain.limits import KEPT_AWAY_MAX
from unseen.domain.notice import NoUsableLaw
from unseen.domain.recheck import FindingKind, Look, MediaSeen, PageSeen, conclude
from unseen.domain.schedule import Recheck, Rest, SendNotice, Wait, next_step
from unseen.fetch.vantage import Vantage
from unseen.intake.models import ReportedMaterial
from unseen.takedown import compose, queries
from unseen.takedown.actions import sending, steps, writing
from unseen.takedown.channels.open import open_channel
from unseen.takedown.directory.party import ChannelKind
from unseen.takedown.mailbox import read_mailbox
from unseen.takedown.models import Notice, Place
from unseen.takedown.probes.look import Prober, Sighting, Sought
from unseen.takedown.texts import NoticeRefused

# One at a time: each has a lease that begins with it, and one that fails holds up no other.
AT_ONCE = 1


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    inbox = settings.UNSEEN.inbox
    done = read_mailbox(inbox, now) if inbox is not None and inbox.is_dir() else 0
    for notice in leases.claim(Notice.objects.select_related("item__case"), worker, now, AT_ONCE):
        _send(notice, now)
        done += 1
    for item in leases.claim(Item.objects.select_related("case__report", "material"), worker, now, AT_ONCE):
        _take_next_step(item, now)
        done += 1
    return done


def next_due_at() -> datetime | None:
    """When the next notice or item wants attention."""
    times = (leases.next_due_at(rows) for rows in (Notice.objects.all(), Item.objects.all()))
    return min((time for time in times if time is not None), default=None)


def _send(notice: Notice, now: datetime) -> None:
    """Send a ready notice; look up one whose sending nobody saw finish."""
    channel = open_channel(ChannelKind(notice.channel))
    if notice.state == NoticeState.SENDING:
        sending.finish_look_up(notice, channel.look_up(writing.envelope_of(notice), now), now)
    elif sending.begin_sending(notice, now):  # others may have joined it only now
        sending.finish_sending(notice, channel.send(writing.envelope_of(notice), now), now)


def _take_next_step(item: Item, now: datetime) -> None:
    facts = queries.facts_of(item)
    step = next_step(facts, now)
    try:
        match step:
            case Wait(until=until):
                postpone(item, until)
            case Rest():
                postpone(item, None)
            case Recheck(rule=rule):
                _recheck(item, facts, rule, now)
            case SendNotice():
                _make_notice(item, facts, step, now)
            case _:
                steps.take_step(item, facts, step, now)
    except Stale:
        postpone(item, item.due_at)
    except TooSoon as too_soon:
        postpone(item, too_soon.until)


def _make_notice(item: Item, facts: ItemFacts, step: SendNotice, now: datetime) -> None:
    addressee = queries.addressee_of(item, step.rung)
    if addressee is None:
        raise Stale(f"another worker asked everybody on the rung {step.rung} of item {item.pk}")
    piece = Piece(str(item.pk), compose.locations_of(item))
    if addressee.channel_kind is not ChannelKind.FORM and not fits((piece,), addressee.limits):
        longer = f"{addressee.name} takes no notice about this item: its locations are longer or more than it takes."
        steps.ask_person(
            item, facts, f"{longer} Please correct its limits, or write by hand.", step.rule, now
        )
        return
    try:
        composed = compose.compose(item, step.rung, addressee, queries.directory(), settings.UNSEEN, now)
    except (NoUsableLaw, NoticeRefused) as error:
        steps.ask_person(item, facts, f"This notice cannot be written: {error}", step.rule, now)
        return
    writing.make_notice(item, facts, step, composed, now)


def _recheck(item: Item, facts: ItemFacts, rule: str, now: datetime) -> None:
    eyes = looker()
    prober = Prober(eyes, recogniser())
    sought = _sought(item)
    bare = item.material_id is None
    try:
        looks = _look_around(prober, sought, eyes.vantages, now, with_search=not bare)
    except TooSoon as too_soon:
        if not _kept_away(facts, too_soon, now):
            raise
        looks = [_turned_away(vantage, too_soon.until) for vantage in eyes.vantages]
    conclusion = conclude(looks, was_removed=facts.outcome is Outcome.REMOVED)
    steps.record_recheck(item, facts, looks, conclusion, prober.sightings, rule, now)
    if bare and prober.sightings:
        _take_up_the_rest(item, prober.sightings, now)


def _look_around(
    prober: Prober, sought: Sought, vantages: Sequence[Vantage], now: datetime, *, with_search: bool
) -> list[Look]:
    """From every vantage; from those that are held back only when nobody else sees it. Raises TooSoon.

    A search source is asked about content that we know: a preview alone makes nothing of a reported place.
    """
    asked = [one for one in vantages if one.is_everyday or (with_search and one.search and not one.held_back)]
    looks = [prober.look(sought, vantage, now) for vantage in asked]
    if conclude(looks).kind is FindingKind.GONE:
        looks += [prober.look(sought, vantage, now) for vantage in vantages if vantage.held_back]
    return looks


def _take_up_the_rest(item: Item, sightings: Sequence[Sighting], now: datetime) -> None:
    """A reported page held more than one of the case's pictures: each further one is an item of its own."""
    for medium in dict.fromkeys(sighting.media.text for sighting in sightings):
        here = (sighting for sighting in sightings if sighting.media.text == medium)
        best = min(here, key=lambda sighting: sighting.match.distance_bits)
        material = Material.objects.get(case_id=item.case_id, reported_id=uuid.UUID(best.match.material))
        add_found_item(material, item.location, medium, best.match, now)


def _kept_away(facts: ItemFacts, too_soon: TooSoon, now: datetime) -> bool:
    """Whether the host has kept us from this open item for so long that its deadlines would never be decided."""
    looked_at = facts.last_recheck_at or facts.opened_at
    return too_soon.by_host and facts.stage is not Stage.CLOSED and now - looked_at >= KEPT_AWAY_MAX


def _turned_away(vantage: Vantage, until: datetime) -> Look:
    where = (vantage.name, vantage.country, vantage.own_address)
    return Look(*where, PageSeen.TURNED_AWAY, MediaSeen.UNKNOWN, look_not_before=until)


def _sought(item: Item) -> Sought:
    """A known item is sought by its own material; a reported place by everything of its case."""
    if item.material is not None:
        materials = frozenset({str(item.material.reported_id)})
    else:
        reported = ReportedMaterial.objects.filter(report=item.case.report_id)
        materials = frozenset(str(key) for key in reported.values_list("pk", flat=True))
    return Sought(
        place(item.location),
        place(item.media_location) if item.media_location else None,
        materials,
        queries.may_fetch(item.case),
        tuple(place(text) for text in Place.objects.filter(item=item).values_list("location", flat=True)),
    )
