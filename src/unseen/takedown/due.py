"""Due work of takedown: mail that came, notices to send or look up, items whose next step is due."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from unseen import leases
from unseen.casework import actions as casework
from unseen.casework.actions import add_found_item
from unseen.casework.models import Item, Material
from unseen.discovery.looker import TooSoon, looker, place
from unseen.discovery.recognise import recogniser
from unseen.domain.batch import Piece, fits
from unseen.domain.item import ItemFacts, NoticeState, Outcome, Stage
from unseen.domain.limits import KEPT_AWAY_MAX
from unseen.domain.notice import NoUsableLaw
from unseen.domain.recheck import FindingKind, Look, MediaSeen, PageSeen, conclude
from unseen.domain.schedule import Recheck, Reopen, Rest, SendNotice, Step, Wait, next_step
from unseen.fetch.vantage import Vantage
from unseen.keys import queries as keys
from unseen.takedown import compose, queries
from unseen.takedown.actions import alone, sending, steps, writing
from unseen.takedown.actions.steps import Plan
from unseen.takedown.channels.envelope import Channel, Delivered
from unseen.takedown.channels.open import open_channel
from unseen.takedown.directory.party import ChannelKind
from unseen.takedown.mailbox import read_mailbox
from unseen.takedown.models import Notice
from unseen.takedown.probes.look import Prober, Sighting, Sought
from unseen.takedown.routes import Reading
from unseen.takedown.texts import NoticeRefused

# A look, an acceptance and a notice are three; whatever is more waits for the next turn.
STEPS_AT_ONCE_MAX = 8
_notices, _items = leases.Handful(), leases.Handful()


@dataclass
class _InHand:
    """One item of a handful, with what was read about it."""

    plan: Plan
    notices: Sequence[Notice]
    materials: Mapping[uuid.UUID, Material]  # of its case, by what was reported
    places: Sequence[str]  # where else its content was got
    reading: Reading
    sightings: Sequence[Sighting] = ()


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    inbox = settings.UNSEEN.inbox
    done = read_mailbox(inbox, now) if inbox is not None and inbox.is_dir() else 0
    with _notices.claimed(Notice.objects.select_related("item__case__report"), worker, now) as notices:
        _send_all(notices, now)
        done += len(notices)
    with _items.claimed(Item.objects.select_related("case__report", "material"), worker, now) as items:
        _take_next_steps(items, now)
        done += len(items)
    return done


def next_due_at() -> datetime | None:
    """When the next notice or item wants attention."""
    times = (leases.next_due_at(rows) for rows in (Notice.objects.all(), Item.objects.all()))
    return min((time for time in times if time is not None), default=None)


def _send_all(notices: Sequence[Notice], now: datetime) -> None:
    """Those that go alone, over a channel that can be asked afterwards, go together; any other by itself."""
    keys.warm(notices)
    going_alone = alone.those_alone(notices)
    together: list[Notice] = []
    single: list[Notice] = []
    for notice in notices:
        surely = notice.pk in going_alone and _channel_of(notice).remembers
        (together if surely else single).append(notice)
    for notice in leases.while_it_lasts(single, sending.give_back):
        _send(notice, now)
    if together:
        _send_together(together, now)


def _send_together(notices: Sequence[Notice], now: datetime) -> None:
    """Begin them in one transaction, send one after the other, and finish in one what went well."""
    sent = []
    begun = alone.begin(notices, now)
    for notice in leases.while_it_lasts(begun, lambda rest: alone.put_off(rest, now)):
        result = _channel_of(notice).send(writing.envelope_of(notice), now)
        if isinstance(result, Delivered) and result.loaded is None:
            sent.append((notice, result))
        else:
            sending.finish_sending(notice, result, now)
    alone.finish(sent, now)


def _channel_of(notice: Notice) -> Channel:
    return open_channel(ChannelKind(notice.channel))


def _send(notice: Notice, now: datetime) -> None:
    """Send a ready notice; look up one whose sending nobody saw finish."""
    channel = _channel_of(notice)
    if notice.state == NoticeState.SENDING:
        sending.finish_look_up(notice, channel.look_up(writing.envelope_of(notice), now), now)
    elif sending.begin_sending(notice, now):  # others may have joined it only now
        sending.finish_sending(notice, channel.send(writing.envelope_of(notice), now), now)


def _take_next_steps(items: Sequence[Item], now: datetime) -> None:
    """Take what is next for each: read together, decided one by one, stored together."""
    keys.warm(items)
    notices, materials = queries.notices_by_item(items), queries.materials_by_case(items)
    places = queries.places_by_item(items)
    begun, reading = [], Reading()
    for item in leases.while_it_lasts(items, casework.give_back):
        plan = Plan(item, queries.facts_from(item, notices[item.pk]), item.due_at)
        known = materials.get(item.case_id, {})
        begun.append(_InHand(plan, notices[item.pk], known, places[item.pk], reading))
        _decide(begun[-1], now)
    stored = {id(plan) for plan in steps.store_plans([held.plan for held in begun], now)}
    for held in begun:
        if held.sightings and id(held.plan) in stored:
            _take_up_the_rest(held, now)


def _decide(held: _InHand, now: datetime) -> None:
    """Plan all that can be done at this instant."""
    plan = held.plan
    for _ in range(STEPS_AT_ONCE_MAX):
        step = next_step(plan.after, now)
        try:
            over = _take(held, step, now)
        except TooSoon as too_soon:
            over, plan.due_at = True, too_soon.until
        if over:
            return
        plan.due_at = now


def _take(held: _InHand, step: Step, now: datetime) -> bool:
    """Plan one step; whether nothing more can be done at this instant. Raises TooSoon."""
    plan = held.plan
    match step:
        case Wait(until=until):
            plan.due_at = until
        case Rest():
            plan.due_at = None
        case Recheck(rule=rule):
            _recheck(held, rule, now)
            return False
        case SendNotice():
            return _make_notice(held, step, now)
        case _:
            steps.take_step(plan, step, now)
            plan.due_at = now
            return isinstance(step, Reopen)  # the ladder of the new round is read anew
    return True


def _make_notice(held: _InHand, step: SendNotice, now: datetime) -> bool:
    """Whether a person has to be asked first."""
    plan, item = held.plan, held.plan.item
    addressee = queries.addressee_from(item, step.rung, (*held.notices, *plan.notices), held.reading)
    assert addressee is not None, "the ladder counts those whom its rungs lead to"
    piece = Piece(str(item.pk), compose.locations_of(item))
    if addressee.channel_kind is not ChannelKind.FORM and not fits((piece,), addressee.limits):
        longer = f"{addressee.name} takes no notice about this item: its locations are longer or more than it takes."
        steps.ask_person(plan, f"{longer} Please correct its limits, or write by hand.", step.rule, now)
        return True
    try:
        composed = compose.compose(
            item, step.rung, addressee, queries.directory(), settings.UNSEEN, now,
            notices=held.notices, reading=held.reading,
        )  # fmt: skip
    except (NoUsableLaw, NoticeRefused) as error:
        steps.ask_person(plan, f"This notice cannot be written: {error}", step.rule, now)
        return True
    writing.make_notice(plan, step, composed, now)
    return False


def _recheck(held: _InHand, rule: str, now: datetime) -> None:
    """Look from every vantage. Raises TooSoon."""
    plan = held.plan
    eyes = looker()
    prober = Prober(eyes, recogniser())
    sought = _sought(held)
    item = plan.item
    bare = item.material_id is None
    try:
        looks = _look_around(prober, sought, eyes.vantages, now, with_search=not bare)
    except TooSoon as too_soon:
        if not _kept_away(plan.after, too_soon, now):
            raise
        looks = [_turned_away(vantage, too_soon.until) for vantage in eyes.vantages if vantage.is_everyday]
    conclusion = conclude(looks, was_removed=plan.after.outcome is Outcome.REMOVED)
    nearest = min(prober.sightings, key=lambda sighting: sighting.match.distance_bits, default=None)
    found = None
    if nearest is not None and (bare or not item.media_location):
        found = nearest, held.materials[uuid.UUID(nearest.match.material)]
    steps.record_recheck(plan, looks, conclusion, found, rule, now)
    if bare:  # on a reported page each further medium becomes an item of its own
        held.sightings = prober.sightings
    else:
        steps.know_places(plan, held.places, prober.sightings, now)


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


def _take_up_the_rest(held: _InHand, now: datetime) -> None:
    """A reported page held more than one of the case's pictures: each further one is an item of its own."""
    item = held.plan.item
    for medium in dict.fromkeys(sighting.media.text for sighting in held.sightings):
        if medium == item.media_location:
            continue
        here = (sighting for sighting in held.sightings if sighting.media.text == medium)
        best = min(here, key=lambda sighting: sighting.match.distance_bits)
        add_found_item(held.materials[uuid.UUID(best.match.material)], item.location, medium, best.match, now)


def _kept_away(facts: ItemFacts, too_soon: TooSoon, now: datetime) -> bool:
    """Whether the host has kept us from this open item for so long that its deadlines would never be decided."""
    looked_at = facts.last_recheck_at or facts.opened_at
    return too_soon.by_host and facts.stage is not Stage.CLOSED and now - looked_at >= KEPT_AWAY_MAX


def _turned_away(vantage: Vantage, until: datetime) -> Look:
    where = (vantage.name, vantage.country, vantage.own_address)
    return Look(*where, PageSeen.TURNED_AWAY, MediaSeen.UNKNOWN, look_not_before=until)


def _sought(held: _InHand) -> Sought:
    """A known item is sought by its own material; a reported place by everything of its case."""
    item = held.plan.item
    if item.material is not None:
        materials = frozenset({str(item.material.reported_id)})
    else:
        materials = frozenset(map(str, held.materials))
    return Sought(
        place(item.location),
        place(item.media_location) if item.media_location else None,
        materials,
        queries.may_fetch(item.case),
        tuple(map(place, held.places)),
    )
