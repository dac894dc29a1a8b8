"""One sweep from a start page: every medium that is new to us, or older than the bank, is fingerprinted and searched."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from unseen.casework.actions import add_found_item
from unseen.casework.models import Material
from unseen.discovery import actions
from unseen.discovery.looker import Looker, TooSoon
from unseen.discovery.models import SeenPlace
from unseen.discovery.recognise import Recogniser
from unseen.discovery.sources.found import Found, Reach, SourceError
from unseen.discovery.sources.web import read
from unseen.domain.match import Match
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.fetcher import Accept
from unseen.fetch.locations import Location
from unseen.fetch.vantage import Vantage
from unseen.hashbank import queries as hashbank

# A medium under a known location is fingerprinted again after this time: somebody may have put another one there.
SEEN_HOLDS_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class _Polite:
    """The looker as a source of pages: a host that turns us away ends the sweep until it wants us back."""

    looker: Looker
    now: datetime

    @property
    def ports(self) -> frozenset[int]:
        """The ports that may be asked."""
        return self.looker.fetcher.ports

    def get(self, location: Location, vantage: Vantage, *, accept: Accept) -> Fetched | FetchFailure:
        """Ask once. Raises TooSoon also when this answer turned us away."""
        answer = self.looker.get(location, vantage, accept, self.now)
        until = self.looker.not_before(location, vantage, self.now)
        if until is not None:
            raise TooSoon(until)
        return answer


def sweep(start: str, looker: Looker, recogniser: Recogniser, now: datetime) -> int:
    """Returns how many new items were found. Raises TooSoon; what was seen until then is remembered."""
    if not settings.UNSEEN.may_fetch_media:
        return 0
    vantage = next((one for one in looker.vantages if not one.own_address), None) or looker.vantages[0]
    reach = Reach(_Polite(looker, now), vantage, before_asking=_at_once)
    version = hashbank.version().newest_entry
    found = 0
    for one in read(start, reach):
        if one.location is not None and not _seen(one, version, now):
            found += _examine(one, recogniser, version, now)
    return found


def _at_once(host: str) -> None:
    """The looker keeps the pace itself."""


def _seen(found: Found, version: int, now: datetime) -> bool:
    key = actions.key_of(*_places(found))
    return SeenPlace.objects.filter(key=key, bank_version__gte=version, seen_at__gt=now - SEEN_HOLDS_FOR).exists()


def _examine(found: Found, recogniser: Recogniser, version: int, now: datetime) -> int:
    try:
        body = found.open()
    except SourceError:
        return 0  # it could not be read today; it is not remembered, so the next sweep tries again
    new = sum(_take_up(found, match, now) for match in recogniser.matches(body) or ())
    actions.remember(*_places(found), version, now)
    return new


def _take_up(found: Found, match: Match, now: datetime) -> bool:
    material = Material.objects.filter(reported_id=match.material).first()
    if material is None:
        return False
    page, media = _places(found)
    return add_found_item(material, page or media, media if page else "", match, now) is not None


def _places(found: Found) -> tuple[str, str]:
    page = found.page.text if found.page is not None else ""
    return page, found.location.text if found.location is not None else ""


