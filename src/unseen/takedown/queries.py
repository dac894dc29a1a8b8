"""Reads of takedown: the facts of an item, its ladder, and who is behind a place."""

import hmac
import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django.conf import settings

from unseen.casework.models import Case, Item, Material
from unseen.domain.batch import NO_LIMITS, Limits
from unseen.domain.item import ItemFacts, NoticeState
from unseen.domain.ladder import Earlier, climb_from
from unseen.domain.notice import Law, Rung
from unseen.domain.report import AgeBand
from unseen.takedown.directory.directory import FALLBACK, Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.directory.party import Addressee, Channel, Party
from unseen.takedown.models import Notice, Place
from unseen.takedown.routes import Reading


@lru_cache(maxsize=1)
def directory() -> Directory:
    """The directory in force: the shipped files and the centre's own."""
    options = settings.UNSEEN
    folders = [options.directory] if options.directory else []
    return load_directory(folders, shipped_parties=options.shipped_directory)


def party_of(item: Item) -> Party:
    """The platform behind an item's location; of one whose location was destroyed, what its host still says."""
    return directory().party_for(item.location or item.host)


def facts_of(item: Item) -> ItemFacts:
    """All that the next step of an item depends on. Raises DirectoryError when the directory is broken."""
    return facts_from(item, notices_by_item([item])[item.pk])


def notices_by_item(items: Iterable[Item]) -> Mapping[int, list[Notice]]:
    """All the notices of these items, without their texts: one query, however many there are."""
    known: dict[int, list[Notice]] = {item.pk: [] for item in items}
    for notice in Notice.objects.filter(item__in=known).defer("subject", "body", "particulars"):
        known[notice.item_id].append(notice)
    return known


def materials_by_case(items: Iterable[Item]) -> Mapping[uuid.UUID, Mapping[uuid.UUID, Material]]:
    """Of the cases of items whose content is not known yet: the material, by what was reported."""
    bare = {item.case_id for item in items if item.material_id is None or not item.media_location}
    known: dict[uuid.UUID, dict[uuid.UUID, Material]] = {case: {} for case in bare}
    for material in Material.objects.filter(case__in=bare) if bare else ():
        known[material.case_id][material.reported_id] = material
    return known


def places_by_item(items: Iterable[Item]) -> Mapping[int, list[str]]:
    """Where else the content of these items was got: one query, however many there are."""
    rows = {item.pk: item for item in items}
    known: dict[int, list[str]] = {pk: [] for pk in rows}
    for one in Place.objects.filter(item__in=rows):
        one.item = rows[one.item_id]  # its case says whose key opens the place
        known[one.item_id].append(one.location)
    return known


def facts_from(item: Item, notices: Iterable[Notice]) -> ItemFacts:
    """As `facts_of`, from all the item's notices, of every round."""
    everything = in_order(notices)
    before = [notice for notice in everything if notice.round < item.round]
    here = [notice for notice in everything if notice.round == item.round]
    failed = frozenset(notice.to for notice in everything if notice.state == NoticeState.FAILED)
    asked = {rung: [one.addressee for one in here if one.rung == rung] for rung in Rung}
    return item.facts(
        directory().ladder(party_of(item), item.case.country, failed, asked),
        tuple(notice.facts() for notice in here),
        may_fetch=may_fetch(item.case),
        rules=directory().rules,
        earlier=Earlier(tuple(Rung(one.rung) for one in that_worked(before)), len(before)),
        luck=_luck(item),
    )


def _luck(item: Item) -> float:
    """The same at each reading until the next look, and not to be guessed without the centre's secret key."""
    words = f"{item.pk} {item.last_recheck_at}".encode()
    drawn = hmac.digest(settings.SECRET_KEY.encode(), words, "sha256")
    return int.from_bytes(drawn[:8]) / 2**64


def notices_of(item: Item) -> list[Notice]:
    """The notices of the present round, the latest last."""
    return [one for one in in_order(Notice.objects.filter(item=item)) if one.round == item.round]


def in_order(notices: Iterable[Notice]) -> list[Notice]:
    """All notices of one item as they were made. Time alone does not tell: several may be made at one instant."""
    rules, found = directory().rules, list(notices)
    done: list[Notice] = []
    for number in sorted({one.round for one in found}):
        here = [one for one in found if one.round == number]
        worked = [one.rung for one in that_worked(done)]
        first = min(here, key=lambda one: (one.made_at, one.rung not in worked)).rung
        order = [*climb_from(Rung(first) if first in worked else None, rules), *Rung]
        done += sorted(here, key=lambda one: (order.index(Rung(one.rung)), one.made_at))
    return done


def that_worked(earlier: Sequence[Notice]) -> list[Notice]:
    """Of each earlier round the last notice that was received: the round ended with a removal. Given in order."""
    last = {one.round: one for one in earlier if one.state == NoticeState.SENT}
    return list(last.values())


def may_fetch(case: Case) -> bool:
    """Whether suspected media of this case may be loaded. A minor's never, and unknown counts as a minor."""
    adult: bool = case.report.age_band == AgeBand.ADULT
    return adult and settings.UNSEEN.may_fetch_media


def addressee_of(item: Item, rung: Rung) -> Addressee | None:
    """Whom a rung asks about an item: nobody twice in a round, at no address that failed for it, best channel first."""
    return addressee_from(item, rung, notices_by_item([item])[item.pk], Reading())


def addressee_from(item: Item, rung: Rung, known: Iterable[Notice], reading: Reading) -> Addressee | None:
    """As `addressee_of`, from all the item's notices, of every round."""
    notices = in_order(known)
    failed = frozenset(notice.to for notice in notices if notice.state == NoticeState.FAILED)
    asked = [one.addressee for one in notices if (one.round, one.rung) == (item.round, rung)]
    country = item.case.country
    before = None if asked else _before_on(rung, [one for one in notices if one.round < item.round])
    if before is None:
        return directory().addressee(
            party_of(item), rung, country, failed, asked=asked, ranked=reading.ranked_channels
        )

    def as_before(party: Party) -> Sequence[Channel]:
        return sorted(reading.ranked_channels(party), key=lambda one: one.to != before.to)

    worked = (before.addressee, before.laws[0] if before.laws else "")
    return directory().addressee(party_of(item), rung, country, failed, ranked=as_before, worked=worked)


def _before_on(rung: Rung, earlier: Sequence[Notice]) -> Notice | None:
    """The latest notice on this rung that was followed by a removal: the same way goes first when it is back."""
    return next((one for one in reversed(that_worked(earlier)) if one.rung == rung), None)


def primary_law(notice: Notice) -> Law:
    """The law whose clock counts for a notice. Where the directory has lost it, the next that it named, or the policy."""
    return next(iter(known_laws(notice, directory())), None) or directory().law(FALLBACK)


def limits_of(notice: Notice) -> Limits:
    """What the addressee takes in one notice, as the directory says now; none where its file is gone."""
    party = directory().parties.get(notice.addressee)
    return party.limits if party is not None else NO_LIMITS


def is_ours(reference: str) -> bool:
    """Whether a notice with this number went out, or may have. What is only written is nobody's business yet."""
    gone = (NoticeState.SENT, NoticeState.SENDING, NoticeState.UNCERTAIN)
    return Notice.objects.filter(item__reference=reference, state__in=gone).exists()


def known_laws(notice: Notice, directory: Directory) -> tuple[Law, ...]:
    """The laws that a notice named, as far as the directory still holds them."""
    return tuple(directory.laws[law_id] for law_id in notice.laws if law_id in directory.laws)
