import tomllib
from pathlib import Path

import pytest

from unseen.door import help as texts
from unseen.door.help import HelpPage, help_pages, helplines


def shape(page: HelpPage) -> tuple[str, list[tuple[int, int]]]:
    return page.key, [(len(one.text), len(one.points)) for one in page.sections]


def test_both_languages_have_the_same_pages_sections_and_points() -> None:
    english, korean = help_pages("en"), help_pages("ko")
    assert list(map(shape, english.values())) == list(map(shape, korean.values()))
    assert list(english) == ["now", "parents", "teachers", "did-it"]


def test_every_number_has_its_source_and_both_names() -> None:
    folder = Path(texts.__file__).parent / "help"
    data = tomllib.loads((folder / "helplines.toml").read_text(encoding="utf-8"))
    for line in data["helpline"]:
        assert {
            "country",
            "number",
            "name_en",
            "name_ko",
            "hours_en",
            "hours_ko",
            "source",
            "checked",
        } == set(line)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_centres_country_has_somebody_to_call(language: str) -> None:
    assert [one.dial for one in helplines(language)][:2] == ["027358994", "1366"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_help_text_has_an_em_dash(language: str) -> None:
    assert "\N{EM DASH}" not in str(help_pages(language))
