"""Every sentence of a page exists in Korean, names the same values, and is translated in one way."""

from collections import defaultdict
from pathlib import Path

import polib
import pytest

from tests.tidy.messages import (
    Message,
    in_code,
    in_template,
    messages,
    missing,
    placeholders_differ,
    translations,
)
from tests.tidy.source import Source
from unseen.config.languages import compile_catalogues, stale

pytestmark = pytest.mark.thorough

# Stages whose pages speak English only so far. One that has all its Korean must leave this list.
ENGLISH_ONLY: set[str] = set()


def test_every_sentence_has_its_korean() -> None:
    absent = [f"{one.where}: {one.text}" for one in missing() if one.stage not in ENGLISH_ONLY]
    assert not absent, "see: python -m tests.tidy.messages"
    assert {one.stage for one in missing()} & ENGLISH_ONLY == ENGLISH_ONLY


def test_a_translation_names_the_same_values() -> None:
    wrong = [entry.msgid for file in translations().values() for entry in file if placeholders_differ(entry)]
    assert not wrong


def test_two_stages_translate_a_sentence_in_one_way() -> None:
    """Django takes the first catalogue that has a sentence, whichever page asks."""
    ways: dict[str, set[str]] = defaultdict(set)
    for file in translations().values():
        for entry in file:
            ways[entry.msgid].add(entry.msgstr or str(sorted(entry.msgstr_plural.items())))
    assert not {text: korean for text, korean in ways.items() if len(korean) > 1}


def test_no_translation_is_left_over() -> None:
    asked = {message.text for message in messages()}
    spare = [entry.msgid for file in translations().values() for entry in file if entry.msgid not in asked]
    assert not spare


def test_no_translation_has_an_em_dash() -> None:
    assert not [path for path in translations() if "\N{EM DASH}" in path.read_text(encoding="utf-8")]


def test_sentences_are_found_in_code_and_in_templates() -> None:
    code = Source("intake/views.py", "x = gettext('Hello')\ny = ngettext('%(n)s place', '%(n)s places', 3)\n")
    assert list(in_code(code)) == [
        Message("intake/views.py", "Hello"),
        Message("intake/views.py", "%(n)s place", "%(n)s places"),
    ]
    page = (
        '{% load i18n %}{% translate "It\'s yours" %}{% blocktranslate count n=n %}{{ n }} place{% plural %}'
        "{{ n }} places{% endblocktranslate %}{% blocktranslate trimmed with a=b %}\n  Hi {{ a }}\n{% endblocktranslate %}"
    )
    assert list(in_template("x.html", page)) == [
        Message("x.html", "It's yours"),
        Message("x.html", "%(n)s place", "%(n)s places"),
        Message("x.html", "Hi %(a)s"),
    ]


@pytest.mark.parametrize(("korean", "wrong"), [("%(n)s곳", False), ("%(count)s곳", True), ("여러 곳", True)])
def test_a_lost_placeholder_is_found(korean: str, *, wrong: bool) -> None:
    assert placeholders_differ(polib.POEntry(msgid="%(n)s places", msgstr=korean)) is wrong


def test_a_catalogue_is_compiled_when_it_is_newer(tmp_path: Path) -> None:
    folder = tmp_path / "stage" / "locale" / "ko" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n')
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert list(stale(tmp_path)) == []
    assert compile_catalogues(tmp_path) == []
