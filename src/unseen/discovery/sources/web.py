"""A site, read from a start page: pages of the same host breadth first, and the media that they show."""

from collections import deque
from collections.abc import Iterator
from functools import partial

from unseen.discovery.sources.found import Found, Reach, SourceError, fetch_media, trouble, unfetched
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.locations import Location, LocationError, parse_location
from unseen.fetch.page import Page, read_page

_PAGE_TYPES = ("text/html", "application/xhtml+xml", "")
_MEDIA_TYPES = ("image/", "video/")


def read(source: str, reach: Reach | None = None) -> Iterator[Found]:
    """Every media file that the pages within reach of the page `source` show, each once. Raises SourceError."""
    if reach is None:
        raise SourceError("no_network", "A web page can only be read with a fetcher; give one.")
    try:
        start = parse_location(source, ports=reach.fetcher.ports)
    except LocationError as error:
        raise SourceError("not_a_location", error.message) from error
    yield from _Crawl(reach, start).run()


class _Crawl:
    def __init__(self, reach: Reach, start: Location) -> None:
        self._reach = reach
        self._start = start
        self._waiting: deque[tuple[Location, int]] = deque([(start, 0)])
        self._pages = {start.key}
        self._media: set[str] = set()

    def run(self) -> Iterator[Found]:
        read_pages = 0
        while self._waiting:
            place, depth = self._waiting.popleft()
            if read_pages == self._reach.pages_max:
                count = self._reach.pages_max
                message = f"Stopped after {count} pages, more are waiting; scan the parts of the site by themselves."
                yield trouble(self._start.text, "page_limit", message)
                return
            read_pages += 1
            answer = ask_page(place, self._reach)
            if isinstance(answer, FetchFailure):
                yield trouble(place.text, answer.code, unfetched(place, answer))
            elif answer.content_type.startswith(_MEDIA_TYPES):
                yield from self._show(None, (answer.location,))
            elif answer.content_type in _PAGE_TYPES:
                yield from self._read(answer, place, depth)

    def _read(self, answer: Fetched, place: Location, depth: int) -> Iterator[Found]:
        if answer.status != 200:
            message = f"{place.text} answered with status {answer.status}; its page was not read."
            yield trouble(place.text, "status", message)
            return
        if answer.location.host != self._start.host:
            return  # a redirect led to another site, which is not ours to read
        page = read_page(answer.body, answer.headers.content_type, answer.location)
        if depth < self._reach.depth_max:
            self._follow(page, depth + 1)
        yield from self._show(answer.location, page.media)

    def _follow(self, page: Page, depth: int) -> None:
        further = (*page.anchors, *([page.refresh_to] if page.refresh_to else []))
        for place in further:
            if place.host == self._start.host and place.key not in self._pages and self._reach.wanted(place):
                self._pages.add(place.key)
                self._waiting.append((place, depth))

    def _show(self, page: Location | None, media: tuple[Location, ...]) -> Iterator[Found]:
        for place in media:
            if place.key not in self._media:
                self._media.add(place.key)
                yield Found(place.text, partial(fetch_media, place, self._reach), page, place)


def ask_page(place: Location, reach: Reach) -> Fetched | FetchFailure:
    """Fetch one page at the host's pace."""
    reach.before_asking(place.host)
    return reach.fetcher.get(place, reach.vantage, accept="page")
