"""First-hour help and telephone numbers: data files, one text for pages and paper, each in both languages."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_FOLDER = Path(__file__).parent / "help"
LANGUAGES = ("en", "ko")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, and a list of things to do."""

    heading: str
    text: tuple[str, ...]
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page for one kind of reader."""

    key: str
    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Helpline:
    """Whom to call. `number` as it is said, `dial` as a telephone takes it."""

    name: str
    number: str
    dial: str
    hours: str


@functools.cache
def help_pages(language: str) -> dict[str, HelpPage]:
    """All pages of one language, in their order."""
    data = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {page["key"]: _page(page) for page in data["page"]}


def _page(data: dict[str, object]) -> HelpPage:
    sections = data["section"]
    assert isinstance(sections, list)
    return HelpPage(
        str(data["key"]),
        str(data["title"]),
        str(data["lead"]),
        tuple(
            Section(one["heading"], tuple(one.get("text", ())), tuple(one.get("points", ())))
            for one in sections
        ),
    )


def helplines(language: str) -> list[Helpline]:
    """The numbers of the centre's own country; of a country without any in the file, none."""
    return _helplines(language, settings.UNSEEN.country)


@functools.cache
def _helplines(language: str, country: str) -> list[Helpline]:
    data = tomllib.loads((_FOLDER / "helplines.toml").read_text(encoding="utf-8"))
    return [
        Helpline(
            one[f"name_{language}"],
            one["number"],
            "".join(letter for letter in one["number"] if letter in "0123456789+"),
            one[f"hours_{language}"],
        )
        for one in data["helpline"]
        if one["country"] == country
    ]
