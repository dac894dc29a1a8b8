"""Words from outside: Telegram exports, lists of locations, pages and single locations give things or a named error."""

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["unseen"]):
    from unseen.discovery.sources import SourceError, locations_list, telegram
    from unseen.discovery.sources.found import Reach
    from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
    from unseen.fetch.fetcher import Accept
    from unseen.fetch.locations import Location, LocationError, parse_location
    from unseen.fetch.page import read_page
    from unseen.fetch.vantage import Vantage

from tests.fuzz.harness import fuzz

HERE = Location("https", "site.test", 443, "/")
MESSAGE = {
    "id": 7,
    "type": "message",
    "photo": "photos/a.jpg",
    "text": ["see ", {"type": "link", "text": "t.me/x/1"}, "https://t.me/c/9/9"],
    "text_entities": [{"type": "text_link", "text": "x", "href": "https://telegram.me/a"}],
}
EXPORT = {
    "name": "x",
    "type": "private_channel",
    "id": 1,
    "messages": [MESSAGE, {"id": "8", "file": "../../etc/passwd"}],
}
PAGE = (
    b'<base href="/a/"><meta http-equiv=refresh content="0; url=b"><a href="?c">c</a><img srcset="a.jpg 1x, b.jpg 2x" '
    b'src=data:x><video poster=p><source src="//cdn.test/v.mp4"></video><meta property=og:image content="http://[::1]/x">'
)


class NoNetwork:
    """Answers every question with no."""

    ports = frozenset({80, 443})

    def get(self, location: Location, vantage: Vantage, *, accept: Accept) -> Fetched | FetchFailure:
        return FetchFailure(FailureCode.DNS, "no network here", location)


def at_once(host: str) -> None:
    """No pace is kept where nobody is asked."""


REACH = Reach(NoNetwork(), Vantage("here", "KR", None, None, "test"), at_once)


class Target:
    """The first byte chooses the reader."""

    def __init__(self, folder: Path) -> None:
        self.export = folder / telegram.RESULT_NAME
        self.list = folder / "list.txt"
        self.readers: tuple[Callable[[bytes], None], ...] = (
            self.telegram_export,
            self.locations,
            self.page,
            self.location,
        )

    def one(self, data: bytes) -> None:
        if data:
            with suppress(SourceError, LocationError):
                self.readers[data[0] % len(self.readers)](data[1:])

    def telegram_export(self, data: bytes) -> None:
        self.export.write_bytes(data)
        folder = self.export.parent.resolve()
        for found in telegram.read(str(self.export)):
            assert found.path is None or found.path.is_relative_to(folder), (
                "no path leaves the export's folder"
            )
        list(telegram.named_places(str(self.export)))

    def locations(self, data: bytes) -> None:
        self.list.write_bytes(data)
        list(locations_list.read(str(self.list), REACH))

    def page(self, data: bytes) -> None:
        read_page(data, "text/html", HERE)

    def location(self, data: bytes) -> None:
        place = parse_location(data.decode("utf-8", "replace"))
        assert parse_location(place.text) == place, "a location that was taken is taken again as the same"


def main() -> None:
    full = {"chats": {"list": [EXPORT]}}
    seeds = [b"\0" + json.dumps(each).encode() for each in (EXPORT, full)]
    seeds += [
        b"\1# list\nhttps://site.test/a.jpg\nsite.test/b\n\xef\xbb\xbfhttp://127.0.0.1/\n",
        b"\2" + PAGE,
    ]
    seeds += [
        b"\3" + text.encode()
        for text in ("https://site.test/a%2Fb?c#d", "http://xn--bcher-kva.test:80/ü", "//[::1]/")
    ]
    with tempfile.TemporaryDirectory(prefix="unseen-fuzz-") as folder:
        fuzz("fuzz_sources", seeds, Target(Path(folder)).one)


if __name__ == "__main__":
    main()
