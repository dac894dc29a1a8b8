"""Reads of takedown: the facts of an item, its ladder, and who is behind a place."""

import hmac
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings

from unseen.casework.models import Case, Item
from unseen.domain.batch import NO_LIMITS, Limits
from unseen.domain.item import ItemFacts, NoticeState
from unseen.domain.notice import Law, Rung
from unseen.domain.report import AgeBand
from unseen.takedown.directory.directory import FALLBACK, Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.directory.party import Addressee, Party
from unseen.takedown.models import Notice
from unseen.takedown.routes import ranked_channels


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
    return facts_from(item, Notice.objects.filter(item=item))


def facts_from(item: Item, notices: Iterable[Notice]) -> ItemFacts:
    """As `facts_of`, from all the item's notices, of every round."""
    everything = in_order(notices)
    here = [notice for notice in everything if notice.round == item.round]
    failed = frozenset(notice.to for notice in everything if notice.state == NoticeState.FAILED)
    asked = {rung: [one.addressee for one in here if one.rung == rung] for rung in Rung}
    return item.facts(
        directory().ladder(party_of(item), item.case.country, failed, asked),
        tuple(notice.facts() for notice in here),
        may_fetch=may_fetch(item.case),
        rules=directory().rules,
        luck=_luck(item),
    )


def _luck(item: Item) -> float:
    """The same at each reading until the next look, and not to be guessed without the centre's secret key."""
    words = f"{item.pk} {item.last_recheck_at}".encode()
    drawn = hmac.digest(settings.SECRET_KEY.encode(), words, "sha256")
    return int.from_bytes(drawn[:8]) / 2**64


def notices_of(item: Item) -> list[Notice]:
    """The notices of the present round, the latest last. Several may be made at one instant; their rungs only rise."""
    return in_order(Notice.objects.filter(item=item, round=item.round))


def in_order(notices: Iterable[Notice]) -> list[Notice]:
    """Notices of one item as they were made."""
    order = directory().order
    return sorted(notices, key=lambda one: (one.round, order.index(Rung(one.rung)), one.made_at))


def may_fetch(case: Case) -> bool:
    """Whether suspected media of this case may be loaded. A minor's never, and unknown counts as a minor."""
    adult: bool = case.report.age_band == AgeBand.ADULT
    return adult and settings.UNSEEN.may_fetch_media


def addressee_of(item: Item, rung: Rung) -> Addressee | None:
    """Whom a rung asks about an item: nobody twice in a round, at no address that failed for it, best channel first."""
    notices = list(Notice.objects.filter(item=item))
    failed = frozenset(notice.to for notice in notices if notice.state == NoticeState.FAILED)
    asked = [one.addressee for one in notices if (one.round, one.rung) == (item.round, rung)]
    country = item.case.country
    return directory().addressee(party_of(item), rung, country, failed, asked=asked, ranked=ranked_channels)


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
