"""A text file with one location a line: media files are taken as they are, pages for the media that they show."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from unseen.discovery.sources import web
from unseen.discovery.sources.found import Found, Reach, SourceError, fetch_media, read_file, trouble
from unseen.fetch.locations import Location, LocationError, parse_location
from unseen.fetch.page import names_media

# A list of some hundred thousand locations; more is a feed and wants to be cut.
SIZE_BYTES_MAX = 50_000_000


def read(source: str, reach: Reach | None = None) -> Iterator[Found]:
    """The media that the lines of the file `source` name. Empty lines and lines with # are left out.

    A line that is no location becomes a Found whose `open` names it. Raises SourceError.
    """
    if reach is None:
        raise SourceError("no_network", "A list of locations can only be read with a fetcher; give one.")
    path = Path(source)
    raw = read_file(path)
    if len(raw) > SIZE_BYTES_MAX:
        raise SourceError(
            "too_large", f"{source} has more than {SIZE_BYTES_MAX} bytes; cut it into several lists."
        )
    seen: set[str] = set()
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            place = parse_location(text, ports=reach.fetcher.ports)
        except LocationError as error:
            yield trouble(f"{source} line {number}", error.code, f"{source} line {number}: {error.message}")
            continue
        if place.key not in seen:
            seen.add(place.key)
            yield from _named(place, reach)


def _named(place: Location, reach: Reach) -> Iterator[Found]:
    if names_media(place):
        yield Found(place.text, partial(fetch_media, place, reach), location=place)
    else:
        yield from web.read(place.text, replace(reach, depth_max=0))
