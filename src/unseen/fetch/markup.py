"""Picking addresses and words out of hostile HTML with the standard library's parser, in bounded time."""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Real pages have up to some ten thousand tags with a text between each two; what comes later is not read.
PARTS_MAX = 200_000
REFERENCES_MAX = 5_000
_TEXT_KEPT_CHARACTERS = 100_000
_REFERENCE_CHARACTERS_MAX = 4_096
_SILENT = frozenset({"script", "style", "template", "svg", "iframe"})  # their words are not shown
_HEADINGS = frozenset({"h1", "h2"})
_BREAKS = frozenset(
    (
        "p",
        "div",
        "br",
        "li",
        "td",
        "th",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "footer",
        "nav",
        "a",
        "title",
    )
)
_PICTURE_META = frozenset(
    (
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "og:video",
        "og:video:url",
        "og:video:secure_url",
        "twitter:image",
        "twitter:image:src",
        "twitter:player:stream",
        "thumbnail",
    )
)
# Where lazy-loading scripts keep the true address.
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-full")
_CANDIDATE = re.compile(r"([^\s,]\S*?)(?:,+(?=\s|$)|\s[^,]*|$)")  # srcset: address, then width or density

Attributes = Mapping[str, str]


@dataclass
class Markup:
    """What was picked out, as written in the page."""

    title: str = ""
    text: str = ""
    headings: str = ""
    base: str | None = None
    refresh: str | None = None
    asks_password: bool = False
    media: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)


def read_markup(text: str) -> Markup:
    """Pick addresses and words out of `text`, which may be anything."""
    reader = _Reader()
    with contextlib.suppress(_EnoughRead):
        # close() is not called: it re-reads an unclosed comment from every "<" in it. The closing tag instead
        # pushes out the last words.
        reader.feed(f"{text}</body>")
    return reader.found()


class _EnoughRead(Exception):
    """A limit was reached; what was picked out so far counts."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._markup = Markup()
        self._parts = 0
        self._silent: str | None = None
        self._silent_depth = 0
        self._heading = False
        self._in_title = False
        self._title: list[str] = []
        self._words: list[str] = []
        self._headings: list[str] = []
        self._kept = 0

    def found(self) -> Markup:
        markup = self._markup
        markup.title = "".join(self._title)
        markup.text = "".join(self._words)
        markup.headings = "".join(self._headings)
        return markup

    def parse_html_declaration(self, i: int) -> int:
        """Comments and doctypes. The library raises AssertionError on `<![odd`; browsers skip to the next >."""
        if self.rawdata.startswith("<!--", i):
            return self.parse_comment(i)
        end = self.rawdata.find(">", i + 2)
        return end + 1 if end >= 0 else -1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._count(tag)
        if self._silent is not None:
            self._silent_depth += tag == self._silent
        elif tag in _SILENT:
            self._silent, self._silent_depth = tag, 1
        self._heading = self._heading or tag in _HEADINGS
        self._in_title = self._in_title or tag == "title"
        take = _TAKERS.get(tag)
        if take is not None:
            values = {name: (value or "")[:_REFERENCE_CHARACTERS_MAX] for name, value in reversed(attrs)}
            take(self._markup, values)
            if len(self._markup.media) + len(self._markup.anchors) > REFERENCES_MAX:
                raise _EnoughRead

    def handle_endtag(self, tag: str) -> None:
        self._count(tag)
        if self._silent is not None:
            self._silent_depth -= tag == self._silent
            if self._silent_depth == 0:
                self._silent = None
        elif tag in _HEADINGS:
            self._heading = False
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        self._count()
        if self._silent is not None or self._kept > _TEXT_KEPT_CHARACTERS:
            return
        data = data[:_TEXT_KEPT_CHARACTERS]
        self._kept += len(data)
        if self._in_title:
            self._title.append(data)
            return
        self._words.append(data)
        if self._heading:
            self._headings.append(data)

    def _count(self, tag: str = "") -> None:
        self._parts += 1
        if self._parts > PARTS_MAX:
            raise _EnoughRead
        if tag in _BREAKS and self._silent is None:
            self._words.append(" ")
            self._headings.append(" ")


def _take_base(markup: Markup, values: Attributes) -> None:
    if markup.base is None:
        markup.base = values.get("href")


def _take_meta(markup: Markup, values: Attributes) -> None:
    content = values.get("content", "")
    if (values.get("property") or values.get("name") or "").strip().lower() in _PICTURE_META:
        markup.media.append(content)
    elif values.get("http-equiv", "").strip().lower() == "refresh" and markup.refresh is None:
        markup.refresh = content


def _take_shown(markup: Markup, values: Attributes) -> None:
    for name in ("src", "poster", *_LAZY):
        if values.get(name):
            markup.media.append(values[name])
    for name in ("srcset", "data-srcset"):
        markup.media.extend(found[1] for found in _CANDIDATE.finditer(values.get(name, "")))


def _take_input(markup: Markup, values: Attributes) -> None:
    kind = values.get("type", "").strip().lower()
    if kind == "password":
        markup.asks_password = True
    elif kind == "image":
        markup.media.append(values.get("src", ""))


def _take_anchor(markup: Markup, values: Attributes) -> None:
    if values.get("href"):
        markup.anchors.append(values["href"])


def _take_relation(markup: Markup, values: Attributes) -> None:
    relations = values.get("rel", "").lower().split()
    if "image_src" in relations or ("preload" in relations and values.get("as", "") in ("image", "video")):
        markup.media.append(values.get("href", ""))


_TAKERS: Mapping[str, Callable[[Markup, Attributes], None]] = {
    "base": _take_base,
    "meta": _take_meta,
    "img": _take_shown,
    "amp-img": _take_shown,
    "source": _take_shown,
    "video": _take_shown,
    "embed": _take_shown,
    "input": _take_input,
    "a": _take_anchor,
    "area": _take_anchor,
    "link": _take_relation,
}
