"""One sweep from a start page: every medium that is new to us, or older than the bank, is fingerprinted and searched."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from unseen.casework.actions import add_found_item
from unseen.discovery import actions, queries
from unseen.discovery.looker import Looker, TooSoon
from unseen.discovery.recognise import Recogniser
from unseen.discovery.sources.found import Found, Reach, SourceError
from unseen.discovery.sources.web import read
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.fetcher import Accept
from unseen.fetch.locations import Location
from unseen.fetch.vantage import Vantage
from unseen.hashbank import queries as hashbank


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
            raise TooSoon(until, by_host=True)
        return answer


def sweep(start: str, looker: Looker, recogniser: Recogniser, now: datetime) -> int:
    """Returns how many new items were found. Raises TooSoon; what was seen until then is remembered."""
    if not settings.UNSEEN.may_fetch_media:
        return 0
    strange = (one for one in looker.vantages if one.is_everyday and not one.own_address)
    vantage = next(strange, looker.vantages[0])
    version = hashbank.version().newest_entry
    reach = Reach(
        _Polite(looker, now),
        vantage,
        before_asking=_at_once,
        wanted=lambda place: not queries.seen(place.text, "", version, now),
    )
    found, page, whole = 0, "", True
    for one in read(start, reach):
        where, medium = _places(one)
        if where != page:
            _done_with(page, start, version, now, whole=whole)
            page, whole = where, True
        if medium and not queries.seen(where, medium, version, now):
            new = _examine(one, recogniser, version, now)
            found += new or 0
            whole = whole and new is not None
    _done_with(page, start, version, now, whole=whole)
    return found


def _done_with(page: str, start: str, version: int, now: datetime, *, whole: bool) -> None:
    """Remember a page whose media were all examined; the start page, where new ones appear, is always read."""
    if whole and page not in ("", start):
        actions.remember(page, "", version, now)


def _at_once(host: str) -> None:
    """The looker keeps the pace itself."""


def _examine(found: Found, recogniser: Recogniser, version: int, now: datetime) -> int | None:
    """How many new items it led to. None: nothing is settled, so it is not remembered and the next sweep tries again."""
    try:
        body = found.open()
    except SourceError:
        return None  # it could not be read today
    matches = recogniser.matches(body) or ()
    page, medium = _places(found)
    new, settled = 0, True
    for match in matches:
        material = queries.material_of(match)
        if material is None:
            settled = False
            continue
        new += add_found_item(material, page or medium, medium if page else "", match, now) is not None
        settled = settled and not queries.waits_for_its_first_look(page or medium, match)
    if settled:
        actions.remember(page, medium, version, now)
    return new if settled else None


def _places(found: Found) -> tuple[str, str]:
    page = found.page.text if found.page is not None else ""
    return page, found.location.text if found.location is not None else ""
