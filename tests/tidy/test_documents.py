"""Documents are tested like code: what they point to exists, and what is generated is current."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy.source import REPOSITORY
from unseen.config.option_table import OPTIONS
from unseen.config.options_page import page

pytestmark = pytest.mark.thorough

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
DECISIONS = REPOSITORY / "docs" / "decisions"


def dead_ends(document: Path, text: str) -> Iterator[str]:
    """Targets inside the repository that do not exist, headings included."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset|href)="([^"]+)"', text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        place = (document.parent / path) if path else document
        if not place.exists() or (heading and heading not in _headings(place.read_text(encoding="utf-8"))):
            yield target


def _headings(text: str) -> set[str]:
    lines = re.findall(r"^#+ +(.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line).strip().lower().replace(" ", "-") for line in lines}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_what_a_document_points_to_exists(document: Path) -> None:
    assert not list(dead_ends(document, document.read_text(encoding="utf-8")))


@pytest.mark.parametrize("text", ["[a](no-such-file.md)", "[a](#no-such-heading)", '<img src="no.svg">'])
def test_a_dead_end_is_found(text: str) -> None:
    assert list(dead_ends(REPOSITORY / "README.md", text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_document_has_no_em_dash(document: Path) -> None:
    assert "\N{EM DASH}" not in document.read_text(encoding="utf-8")


def test_the_options_page_is_current() -> None:
    written = (REPOSITORY / "docs" / "running" / "options.md").read_text(encoding="utf-8")
    assert written == page(), "run: make docs"
    assert all(f"## {option.variable}\n" in written for option in OPTIONS)


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted(DECISIONS.glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for document in DOCUMENTS:
        named = set(re.findall(r"`make ([a-z-]+)", document.read_text(encoding="utf-8")))
        assert named <= targets, document


def test_every_dependency_has_its_reason() -> None:
    chosen = (DECISIONS / "0002-chosen-parts.md").read_text(encoding="utf-8")
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    names = re.findall(r'^    "([a-z0-9-]+)', project, flags=re.MULTILINE)
    assert len(names) > 20
    assert [name for name in names if f"| {name} |" not in chosen] == []
