"""What the desk's tests share: a page read as a browser reads it, and every address of the desk."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.urls import URLPattern, reverse

from unseen.web.urls import urlpatterns

# What an address names, for those that name something.
VALUES = {
    "number": 1,
    "key": "prompt",
    "notice_id": "00000000-0000-4000-8000-000000000000",
    "group": "00000000-0000-4000-8000-000000000000",
    "reference": "ABCDEFGHJK",
    "position": 1,
    "dispute": 1,
    "passkey": 1,
    "approval": 1,
}
FETCHED = {
    "src",
    "srcset",
    "poster",
    "data",
    "background",
    "action",
    "formaction",
    "cite",
    "manifest",
    "ping",
}


def addresses() -> list[str]:
    """Every address of the desk, made from the list of patterns, so that no new page is forgotten."""
    return [_address(pattern) for pattern in urlpatterns]


def _address(pattern: URLPattern) -> str:
    names = pattern.pattern.converters
    return reverse(str(pattern.name), kwargs={name: VALUES[name] for name in names})


@dataclass
class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    html: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    title: str = ""
    _inside: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside == "title":
            self.title += data

    def values(self, *attributes: str) -> list[str]:
        """Every value of these attributes."""
        return [attrs[name] for _, attrs in self.tags for name in attributes if name in attrs]

    def names(self) -> set[str]:
        """The tags in use."""
        return {tag for tag, _ in self.tags}
