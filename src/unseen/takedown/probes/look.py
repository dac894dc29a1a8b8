"""One look at one item from one vantage: its page, the media that it names, and the media known before."""

from dataclasses import dataclass, field
from datetime import datetime

from unseen.discovery.looker import Looker, TooSoon
from unseen.discovery.recognise import Recogniser
from unseen.domain.match import Match
from unseen.domain.recheck import Look, MediaSeen, PageSeen
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.locations import Location
from unseen.fetch.page import Page, names_media, read_page
from unseen.fetch.vantage import Vantage
from unseen.takedown.probes.seeing import media_seen_without_content, page_seen, together

# A post shows a handful of pictures. The known one is asked first; the rest only so far.
MEDIA_PER_PAGE_MAX = 12


@dataclass(frozen=True, slots=True)
class Sought:
    """What a look is for: the place, the media known there, and the materials that count as a match."""

    page: Location
    media: Location | None
    materials: frozenset[str]
    may_fetch_media: bool


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where the content was seen, and how it matches."""

    media: Location
    match: Match


@dataclass
class Prober:
    """Looks from every vantage. One prober serves one recheck, so equal bytes are fingerprinted once."""

    looker: Looker
    recogniser: Recogniser
    sightings: list[Sighting] = field(default_factory=list)

    def look(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        """Raises TooSoon when a host wanted to be left alone before this look; nothing was asked then."""
        if not sought.may_fetch_media and names_media(sought.page):
            where = (vantage.name, vantage.country, vantage.own_address)
            return Look(*where, PageSeen.FAILED, MediaSeen.UNKNOWN)  # to ask for it would be to fetch it
        answer = self.looker.get(sought.page, vantage, "page", now)
        page = _read(answer)
        seen = page_seen(sought.page, answer, page)
        media = self._media(sought, vantage, answer, page, seen, now)
        waits = [
            self.looker.not_before(place, vantage, now) for place in (sought.page, sought.media) if place
        ]
        return Look(
            vantage.name,
            vantage.country,
            vantage.own_address,
            seen,
            media,
            max((wait for wait in waits if wait is not None), default=None),
        )

    def _media(
        self,
        sought: Sought,
        vantage: Vantage,
        answer: Fetched | FetchFailure,
        page: Page | None,
        seen: PageSeen,
        now: datetime,
    ) -> MediaSeen:
        if not sought.may_fetch_media:
            return MediaSeen.UNKNOWN
        if isinstance(answer, Fetched) and page is None:  # the location itself is the medium
            return self._content(sought, answer.location, answer)
        known = [sought.media] if sought.media else []
        shown = page.media if page is not None and seen is not PageSeen.HOME else ()
        results: list[MediaSeen] = []
        for place in list(dict.fromkeys([*known, *shown]))[:MEDIA_PER_PAGE_MAX]:
            results.append(self._ask(sought, place, vantage, now))
            # A bare report names a page: everything on it is looked at, since several pictures may be hers.
            if results[-1] is MediaSeen.MATCHING and sought.media is not None:
                break
        return together(results)

    def _ask(self, sought: Sought, place: Location, vantage: Vantage, now: datetime) -> MediaSeen:
        """A host that turns us away in the middle of a look was looked at: a host that always does so is escalated."""
        try:
            answer = self.looker.get(place, vantage, "media", now)
        except TooSoon:
            if self.looker.not_before(place, vantage, now) is None:
                raise  # it is our own pace: the whole look waits for it
            return MediaSeen.UNKNOWN
        return self._content(sought, place, answer)

    def _content(self, sought: Sought, place: Location, answer: Fetched | FetchFailure) -> MediaSeen:
        seen = media_seen_without_content(answer, _read(answer))
        if isinstance(answer, FetchFailure) or (seen is not None and not _is_media(answer)):
            return seen or MediaSeen.UNKNOWN
        matches = self.recogniser.matches(answer.body)
        ours = [match for match in matches or () if match.material in sought.materials]
        self.sightings.extend(Sighting(place, match) for match in ours)
        if ours:  # whatever the status says: a browser shows a picture that comes with 404, too
            return MediaSeen.MATCHING
        return seen or (MediaSeen.UNKNOWN if matches is None else MediaSeen.OTHER)


def _is_media(answer: Fetched) -> bool:
    return answer.content_type.startswith(("image/", "video/"))


def _read(answer: Fetched | FetchFailure) -> Page | None:
    """The body as a page, when it is one."""
    if isinstance(answer, FetchFailure) or _is_media(answer):
        return None
    return read_page(answer.body, answer.headers.content_type, answer.location)
