"""One word for one thing: docs/glossary.md is kept in names, templates and documents."""

from pathlib import Path

import pytest

from tests.tidy.glossary import (
    Term,
    forbidden,
    lives_there,
    names_with_forbidden_words,
    parsed,
    prose_with_forbidden_words,
    terms,
)
from tests.tidy.source import PACKAGE, REPOSITORY, Source, sources

pytestmark = pytest.mark.thorough

TEMPLATES = sorted(path for path in PACKAGE.rglob("*.html") if "testing" not in path.parts)
# The glossary itself names the words; the licence is not ours to edit.
DOCUMENTS = sorted(
    path
    for path in [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]
    if path.name != "glossary.md"
)


def test_no_name_uses_a_word_that_the_glossary_forbids() -> None:
    broken = [str(violation) for source in sources() for violation in names_with_forbidden_words(source)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("path", [*TEMPLATES, *DOCUMENTS], ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_no_page_and_no_document_uses_a_word_that_the_glossary_forbids(path: Path) -> None:
    assert not list(prose_with_forbidden_words(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.term)
def test_each_term_is_a_name_where_the_glossary_says_it_lives(term: Term) -> None:
    assert lives_there(term), (
        f"docs/glossary.md: nothing in {term.lives_in} is named '{term.name or term.term}'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "def get_victim() -> None: ...",
        "victims = 1",
        "class TicketStore: ...",
        "def f(score_max: int) -> None: ...",
        "self.image_hash = 1",
        "for user in staff: ...",
        "class Poll: ...",
    ],
)
def test_a_planted_name_is_found(text: str) -> None:
    assert list(names_with_forbidden_words(Source("casework/models.py", text)))


def test_a_planted_file_name_is_found() -> None:
    assert list(names_with_forbidden_words(Source("takedown/poll.py", "")))


@pytest.mark.parametrize(
    "text", ["user_agent = 1", "hash_bank = 1", "import hashlib", "x = request.user", "class Scorecard: ..."]
)
def test_a_name_that_is_not_ours_or_means_something_else_passes(text: str) -> None:
    assert not list(names_with_forbidden_words(Source("casework/models.py", text)))


@pytest.mark.parametrize(
    "text", ["The victim can come back.", "Two users.", "A perceptual hash.", "<p>Your ticket</p>"]
)
def test_a_planted_sentence_is_found(text: str) -> None:
    assert list(prose_with_forbidden_words(text))


@pytest.mark.parametrize(
    "text",
    [
        "The hash bank.",
        "`--require-hashes`",
        "[here](user.md)",
        "{{ request.user }}",
        '<link rel="stylesheet">',
    ],
)
def test_a_sentence_with_an_allowed_compound_passes(text: str) -> None:
    assert not list(prose_with_forbidden_words(text))


def test_a_term_without_a_name_is_found() -> None:
    assert not lives_there(Term("tombstone", "domain/match.py", "tombstone", ()))
    assert not lives_there(Term("tombstone", "domain/match.py", "", ()))
    assert not lives_there(Term("match", "domain/no_such_file.py", "match", ()))


def test_the_table_is_read_whole() -> None:
    rows = [
        "| term | means | lives in | do not say |",
        "|---|---|---|---|",
        "| item, thing | x | `a.py` | b, c |",
    ]
    rows += ["| one | x | `a.py` as `two` | |", "| three | x | `a` in words | |"]
    assert list(parsed("\n".join(rows))) == [
        Term("item", "a.py", "item", ("b", "c")),
        Term("thing", "a.py", "thing", ("b", "c")),
        Term("one", "a.py", "two", ()),
        Term("three", "a", "", ()),
    ]
    assert len(terms()) > 30
    assert {
        "victim",
        "hash",
        "user",
        "ticket",
        "link",
        "snapshot",
        "porn",
        "threshold",
        "score",
        "job",
        "poll",
    } <= forbidden()
