"""One look at one item from one vantage: its page, the media that it names, and the media known before."""

from dataclasses import dataclass, field
from datetime import datetime

from unseen.discovery.looker import Looker, TooSoon
from unseen.discovery.recognise import Recogniser
from unseen.domain.match import Match
from unseen.domain.recheck import Look, MediaSeen, PageSeen
from unseen.fetch.addresses import Address
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.locations import Location
from unseen.fetch.page import Page, names_media, read_page
from unseen.fetch.vantage import Vantage
from unseen.takedown.probes import searching
from unseen.takedown.probes.seeing import is_media, media_seen_without_content, page_seen, together

# A post shows a handful of pictures. The known one is asked first; the rest only so far.
MEDIA_PER_PAGE_MAX = 12
# A page may send a browser on by itself (meta refresh); a second hop is rare, a third one is a game.
REFRESHES_MAX = 2
# A name with several addresses is a CDN's or a farm's; each may keep a copy of its own.
ADDRESSES_ASKED_MAX = 4

_CONTENT = (MediaSeen.MATCHING, MediaSeen.COPY)
_NOT_SHOWN = (MediaSeen.MISSING, MediaSeen.OTHER)


@dataclass(frozen=True, slots=True)
class Sought:
    """What a look is for: the place, the media known there, and the materials that count as a match."""

    page: Location
    media: Location | None
    materials: frozenset[str]
    may_fetch_media: bool
    more_media: tuple[Location, ...] = ()  # other places where an earlier look got it


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where the content was seen, and how it matches."""

    media: Location
    match: Match


@dataclass(frozen=True, slots=True)
class _Read:
    """How the page answered in the end, and every page that was read on the way there."""

    answer: Fetched | FetchFailure
    pages: tuple[Page, ...]
    seen: PageSeen


@dataclass
class Prober:
    """Looks from every vantage. One prober serves one recheck, so equal bytes are fingerprinted once."""

    looker: Looker
    recogniser: Recogniser
    sightings: list[Sighting] = field(default_factory=list)

    def look(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        """Raises TooSoon when a host wanted to be left alone before this look; nothing was asked then."""
        if vantage.search is not None:
            return self._search(sought, vantage, now)
        if not sought.may_fetch_media and names_media(sought.page):
            return _look(vantage, PageSeen.FAILED, MediaSeen.UNKNOWN)  # to ask for it would be to fetch it
        read = self._read_page(sought, vantage, now)
        media = self._media(sought, vantage, read, now)
        waits = [
            self.looker.not_before(place, vantage, now) for place in (sought.page, sought.media) if place
        ]
        return _look(
            vantage, read.seen, media, max((wait for wait in waits if wait is not None), default=None)
        )

    def _read_page(self, sought: Sought, vantage: Vantage, now: datetime) -> _Read:
        """Ask for the page, and go where it sends a browser by itself."""
        answer = self.looker.get(sought.page, vantage, "page", now)
        page = _page_in(answer)
        pages = [page] if page is not None else []
        for _ in range(REFRESHES_MAX):
            on = page.refresh_to if page is not None else None
            at = answer.location
            if on is None or on.key == at.key or (names_media(on) and not sought.may_fetch_media):
                break
            answer = self.looker.get(on, vantage, "page", now)
            page = _page_in(answer)
            pages += [page] if page is not None else []
        return _Read(answer, tuple(pages), page_seen(sought.page, answer, page))

    def _media(self, sought: Sought, vantage: Vantage, read: _Read, now: datetime) -> MediaSeen:
        if not sought.may_fetch_media:
            return MediaSeen.UNKNOWN
        if isinstance(read.answer, Fetched) and is_media(read.answer):  # the location itself is the medium
            return self._content(sought, read.answer.location, read.answer)
        known = sought.media or (sought.page if names_media(sought.page) else None)
        shown = [] if read.seen is PageSeen.HOME else [one for page in read.pages for one in page.media]
        places = [*([known] if known else []), *sought.more_media, *shown]
        results: list[MediaSeen] = []
        for place in list(dict.fromkeys(places))[:MEDIA_PER_PAGE_MAX]:
            seen = self._ask(sought, place, vantage, now)
            elsewhere = seen is MediaSeen.MATCHING and known is not None and place.host != known.host
            results.append(MediaSeen.COPY if elsewhere else seen)
            # A bare report names a page: everything on it is looked at, since several pictures may be hers.
            if results[-1] in _CONTENT and sought.media is not None:
                return results[-1]
        if known is not None and results[0] in _NOT_SHOWN:
            results.append(self._at_other_addresses(sought, known, vantage, now))
        return together(results)

    def _at_other_addresses(
        self, sought: Sought, known: Location, vantage: Vantage, now: datetime
    ) -> MediaSeen:
        """A host with several addresses may have removed the media at one of them only."""
        addresses = self.looker.fetcher.addresses(known, vantage)
        for address in addresses[:ADDRESSES_ASKED_MAX] if len(addresses) > 1 else ():
            if self._ask(sought, known, vantage, now, address) is MediaSeen.MATCHING:
                return MediaSeen.COPY
        return MediaSeen.MISSING

    def _ask(
        self,
        sought: Sought,
        place: Location,
        vantage: Vantage,
        now: datetime,
        only_at: Address | None = None,
        *,
        note: bool = True,
    ) -> MediaSeen:
        """A host that turns us away in the middle of a look was looked at: a host that always does so is escalated."""
        try:
            answer = self.looker.get(place, vantage, "media", now, only_at=only_at)
        except TooSoon:
            if self.looker.not_before(place, vantage, now) is None:
                raise  # it is our own pace: the whole look waits for it
            return MediaSeen.UNKNOWN
        return self._content(sought, place, answer, note=note)

    def _content(
        self, sought: Sought, place: Location, answer: Fetched | FetchFailure, *, note: bool = True
    ) -> MediaSeen:
        seen = media_seen_without_content(answer, _page_in(answer))
        if isinstance(answer, FetchFailure) or (seen is not None and not is_media(answer)):
            return seen or MediaSeen.UNKNOWN
        matches = self.recogniser.matches(answer.body)
        ours = [match for match in matches or () if match.material in sought.materials]
        if note:
            self.sightings.extend(Sighting(place, match) for match in ours)
        if ours:  # whatever the status says: a browser shows a picture that comes with 404, too
            return MediaSeen.MATCHING
        return seen or (MediaSeen.UNKNOWN if matches is None else MediaSeen.OTHER)

    def _search(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        """Whether a search source still names the place, and whether it shows the content itself as a preview."""
        question = searching.question(vantage, sought.page, self.looker.fetcher.ports)
        if question is None:
            return _look(vantage, PageSeen.FAILED, MediaSeen.UNKNOWN)
        answer = self.looker.get(question, vantage, "page", now)
        page = _page_in(answer)
        seen = searching.listing_seen(question, answer, page, sought.page)
        wait = self.looker.not_before(question, vantage, now)
        if seen is PageSeen.NOT_LISTED:
            return _look(vantage, seen, MediaSeen.MISSING, wait)
        if seen is not PageSeen.LISTED or page is None or not sought.may_fetch_media:
            return _look(vantage, seen, MediaSeen.UNKNOWN, wait)
        # A preview is no place to write to about this item, so it is not noted as a sighting.
        previews = page.media[:MEDIA_PER_PAGE_MAX]
        shown = together([self._ask(sought, one, vantage, now, note=False) for one in previews])
        return _look(vantage, seen, MediaSeen.COPY if shown is MediaSeen.MATCHING else shown, wait)


def _look(vantage: Vantage, page: PageSeen, media: MediaSeen, not_before: datetime | None = None) -> Look:
    where = (vantage.name, vantage.country, vantage.own_address)
    return Look(*where, page, media, not_before, held_back=vantage.held_back)


def _page_in(answer: Fetched | FetchFailure) -> Page | None:
    """The body as a page, when it is one."""
    if isinstance(answer, FetchFailure) or is_media(answer):
        return None
    return read_page(answer.body, answer.headers.content_type, answer.location)
