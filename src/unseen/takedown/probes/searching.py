"""Asking a search source for a location, and reading from its answer whether it still names the place. Pure."""

from urllib.parse import quote

from unseen.domain.recheck import PageSeen
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.locations import Location, LocationError, parse_location
from unseen.fetch.page import Page
from unseen.fetch.vantage import LOCATION_HERE, Vantage
from unseen.takedown.probes.seeing import page_seen


def question(vantage: Vantage, place: Location, ports: frozenset[int]) -> Location | None:
    """The page of the search source that answers for this place; None when the two make no location together."""
    asked = (vantage.search or "").replace(LOCATION_HERE, quote(place.text, safe=""))
    try:
        return parse_location(asked, ports=ports)
    except LocationError:
        return None


def listing_seen(
    question: Location, answer: Fetched | FetchFailure, page: Page | None, place: Location
) -> PageSeen:
    """LISTED or NOT_LISTED where the source answered; anything else is no answer to the question."""
    seen = page_seen(question, answer, page)
    if page is None or seen not in (PageSeen.PRESENT, PageSeen.SAYS_REMOVED):  # "not found" is an answer here
        return seen if seen is PageSeen.TURNED_AWAY else PageSeen.FAILED
    named = any(anchor.key == place.key or _leads_on_to(anchor, place, question) for anchor in page.anchors)
    return PageSeen.LISTED if named else PageSeen.NOT_LISTED


def _leads_on_to(anchor: Location, place: Location, question: Location) -> bool:
    """Some sources send a reader through a counting page of theirs. Their own further pages repeat the question."""
    return anchor.path != question.path and quote(place.text, safe="") in anchor.target
