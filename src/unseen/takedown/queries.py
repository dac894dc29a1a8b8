"""Reads of takedown: the facts of an item, its ladder, and who is behind a place."""

from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings

from unseen.casework.models import Case, Item
from unseen.domain.batch import Limits
from unseen.domain.item import ItemFacts, NoticeState
from unseen.domain.notice import AppliesTo, Law, Rung
from unseen.domain.report import AgeBand
from unseen.takedown.directory.directory import FALLBACKS, Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.directory.party import NO_LIMITS, Addressee, Party
from unseen.takedown.models import Notice


@lru_cache(maxsize=1)
def directory() -> Directory:
    """The directory in force: the shipped files and the centre's own."""
    options = settings.UNSEEN
    folders = [options.directory] if options.directory else []
    return load_directory(folders, shipped_parties=options.shipped_directory)


def party_of(item: Item) -> Party:
    """The platform behind an item's location."""
    return directory().party_for(item.location)


def facts_of(item: Item) -> ItemFacts:
    """All that the next step of an item depends on. Raises DirectoryError when the directory is broken."""
    notices = tuple(notice.facts() for notice in notices_of(item))
    return item.facts(_ladder(item), notices, may_fetch=may_fetch(item.case))


def notices_of(item: Item) -> list[Notice]:
    """The notices of the present round, the latest last. Several may be made at one instant; their rungs only rise."""
    return in_order(Notice.objects.filter(item=item, round=item.round))


def in_order(notices: Iterable[Notice]) -> list[Notice]:
    """Notices of one item as they were made."""
    order = tuple(Rung)
    return sorted(notices, key=lambda notice: (notice.round, order.index(Rung(notice.rung))))


def may_fetch(case: Case) -> bool:
    """Whether suspected media of this case may be loaded. A minor's never, and unknown counts as a minor."""
    adult: bool = case.report.age_band == AgeBand.ADULT
    return adult and settings.UNSEEN.may_fetch_media


def addressee_of(item: Item, rung: Rung) -> Addressee | None:
    """Whom a rung asks about an item, leaving out addresses that failed for it."""
    return directory().addressee(party_of(item), rung, item.case.country, _failed(item))


def _ladder(item: Item) -> tuple[Rung, ...]:
    party, failed = party_of(item), _failed(item)
    return tuple(
        rung for rung in Rung if directory().addressee(party, rung, item.case.country, failed) is not None
    )


def _failed(item: Item) -> frozenset[str]:
    failed = Notice.objects.filter(item=item, state=NoticeState.FAILED)
    return frozenset(failed.values_list("to", flat=True))


def primary_law(notice: Notice) -> Law:
    """The law whose clock counts for a notice. Where the directory has lost it, the next that it named, or the policy."""
    return next(iter(known_laws(notice, directory())), None) or directory().law(FALLBACKS[AppliesTo.PLATFORM])


def limits_of(notice: Notice) -> Limits:
    """What the addressee takes in one notice, as the directory says now; none where its file is gone."""
    party = directory().parties.get(notice.addressee)
    channels = party.channels if party is not None else ()
    return next((one.limits for one in channels if one.to == notice.to), NO_LIMITS)


def is_ours(reference: str) -> bool:
    """Whether a notice with this number went out, or may have. What is only written is nobody's business yet."""
    gone = (NoticeState.SENT, NoticeState.SENDING, NoticeState.UNCERTAIN)
    return Notice.objects.filter(item__reference=reference, state__in=gone).exists()


def known_laws(notice: Notice, directory: Directory) -> tuple[Law, ...]:
    """The laws that a notice named, as far as the directory still holds them."""
    return tuple(directory.laws[law_id] for law_id in notice.laws if law_id in directory.laws)
