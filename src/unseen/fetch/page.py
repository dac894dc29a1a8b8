"""Reading a page: which media and pages it names, and what it says of itself. Pure; any bytes are survived."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from unseen.fetch import phrases
from unseen.fetch.locations import DEFAULT_PORTS, Location, LocationError, join
from unseen.fetch.markup import read_markup
from unseen.fetch.text_encoding import decoded

TEXT_CHARACTERS_MAX = 20_000
TITLE_CHARACTERS_MAX = 300
# A gallery page shows some hundred pictures; more is a trap for crawlers.
MEDIA_MAX = 500
ANCHORS_MAX = 2_000
# A page that says no more than this says it about itself; on a longer page the words may be a comment's.
SHORT_PAGE_CHARACTERS = 1_200

MEDIA_ENDINGS = frozenset(
    (
        "jpg",
        "jpeg",
        "jpe",
        "jfif",
        "png",
        "gif",
        "webp",
        "avif",
        "heic",
        "heif",
        "bmp",
        "tif",
        "tiff",
        "mp4",
        "m4v",
        "mov",
        "webm",
        "mkv",
        "avi",
        "wmv",
        "flv",
        "mpg",
        "mpeg",
        "ts",
    )
)
_REFRESH = re.compile(r"[0-9.]*\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What one page holds. `media` and `anchors` keep the page's order, without repetition."""

    title: str
    text: str
    media: tuple[Location, ...]
    anchors: tuple[Location, ...]
    has_login_form: bool
    says_removed: bool
    says_blocked: bool
    refresh_to: Location | None


@lru_cache(maxsize=8)  # the vantages of one recheck mostly get the same bytes
def read_page(body: bytes, content_type: str | None, base: Location) -> Page:
    """Read `body` as HTML found at `base`. Never raises; what cannot be read is left out.

    `content_type` is the header as sent (its charset counts). Places may name the ports 80, 443 and that of `base`.
    """
    markup = read_markup(decoded(body, content_type))
    ports = DEFAULT_PORTS | {base.port}
    root = _one(base, markup.base, ports) or base
    anchors = _all(root, markup.anchors, ports, ANCHORS_MAX)
    shown = _all(root, markup.media, ports, MEDIA_MAX)
    media = tuple(dict.fromkeys((*shown, *(a for a in anchors if names_media(a)))))[:MEDIA_MAX]
    title = _tidy(markup.title, TITLE_CHARACTERS_MAX)
    text = _tidy(markup.text, TEXT_CHARACTERS_MAX)
    return Page(
        title=title,
        text=text,
        media=media,
        anchors=tuple(anchor for anchor in anchors if not names_media(anchor)),
        has_login_form=markup.asks_password or _says(phrases.LOGIN_WALL, title, markup.headings, text),
        says_removed=_says(phrases.REMOVED, title, markup.headings, text),
        says_blocked=_says(phrases.BLOCKED, title, markup.headings, text),
        refresh_to=_refresh(root, markup.refresh, ports),
    )


def names_media(location: Location) -> bool:
    """True when the path ends like a picture or video file."""
    return location.path.rsplit("/", 1)[-1].rpartition(".")[2].lower() in MEDIA_ENDINGS


def _says(words: Iterable[str], title: str, headings: str, text: str) -> bool:
    said = _tidy(f"{title} {headings}", TEXT_CHARACTERS_MAX)
    if len(text) <= SHORT_PAGE_CHARACTERS:
        said = f"{said} {text}"
    said = said.lower().replace("’", "'")  # noqa: RUF001 - pages write the apostrophe both ways
    return any(phrase in said for phrase in words)


def _tidy(text: str, characters_max: int) -> str:
    return " ".join(text[: 4 * characters_max].split())[:characters_max]


def _all(
    root: Location, references: Iterable[str], ports: frozenset[int], count_max: int
) -> tuple[Location, ...]:
    found: dict[Location, None] = {}
    for reference in references:
        location = _one(root, reference, ports)
        if location is not None:
            found[location] = None
            if len(found) == count_max:
                break
    return tuple(found)


def _one(root: Location, reference: str | None, ports: frozenset[int]) -> Location | None:
    if not reference:
        return None
    try:
        # Browsers drop line breaks and tabs inside an address.
        return join(root, re.sub(r"[\t\r\n]", "", reference), ports=ports)
    except LocationError:
        return None


def _refresh(root: Location, content: str | None, ports: frozenset[int]) -> Location | None:
    found = _REFRESH.match(content.strip()) if content else None
    return _one(root, found[1].strip(), ports) if found else None
