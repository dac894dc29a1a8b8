"""docs/findings.md is the table; this reads it and concludes each row."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage, rechecked
from unseen.domain.notice import Rung
from unseen.domain.recheck import (
    GONE_KINDS,
    SEEN_KINDS,
    Conclusion,
    Finding,
    FindingKind,
    Look,
    MediaSeen,
    PageSeen,
    conclude,
)
from unseen.domain.schedule import Reopen, next_step
from unseen.domain.tests.strategies import NOW

DOCUMENT = Path(__file__).parents[4] / "docs" / "findings.md"
COLUMNS = ("office", "home-line", "berlin", "dallas", "kr-names", "search", "reserve")
COUNTRIES = dict(zip(COLUMNS, ("KR", "KR", "DE", "US", "KR", "US", "DE"), strict=True))

Row = dict[str, str]


def rows() -> Iterator[Row]:
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("|")]
    start = next(number for number, line in enumerate(lines) if line.startswith("| case"))
    names = cells(lines[start])
    for line in lines[start + 2 :]:
        yield dict(zip(names, cells(line), strict=True))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def looks_of(row: Row) -> tuple[Look, ...]:
    seen = {name: row[name].partition("/") for name in COLUMNS if row[name] != "-"}
    return tuple(
        Look(
            name,
            COUNTRIES[name],
            name == "office",
            PageSeen(page),
            MediaSeen(media),
            held_back=name == "reserve",
        )
        for name, (page, _, media) in seen.items()
    )


ROWS = tuple(rows())
AFTER_THE_DEADLINE = ItemFacts(
    stage=Stage.RECHECK,
    opened_at=NOW - timedelta(days=3),
    matched=True,
    last_recheck_at=NOW - timedelta(days=1),
    ladder=(Rung.PLATFORM, Rung.PLATFORM_FINAL),
    notices=(
        NoticeFacts(
            Rung.PLATFORM, NoticeState.SENT, NOW - timedelta(days=2), deadline_at=NOW - timedelta(hours=1)
        ),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_a_row_concludes_and_goes_on_as_the_document_says(row: Row) -> None:
    conclusion = conclude(looks_of(row))
    assert conclusion.kind == row["conclusion"]
    after = rechecked(AFTER_THE_DEADLINE, conclusion, NOW)
    assert next_step(after, NOW).rule == row["next"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_what_was_removed_and_is_got_by_anybody_is_back(row: Row) -> None:
    looks = looks_of(row)
    got = any(look.media in (MediaSeen.MATCHING, MediaSeen.COPY) for look in looks)
    conclusion = conclude(looks, was_removed=True)
    assert (conclusion.kind is FindingKind.BACK) == got
    closed = replace(AFTER_THE_DEADLINE, stage=Stage.CLOSED, outcome=Outcome.REMOVED, closed_at=NOW)
    step = next_step(rechecked(closed, conclusion, NOW), NOW)
    assert isinstance(step, Reopen) == got


def test_every_conclusion_that_can_be_drawn_stands_in_the_table() -> None:
    of_one_vantage = {FindingKind.SOFT_404, FindingKind.SENT_HOME, FindingKind.LISTED, FindingKind.NOT_LISTED}
    concluded = {FindingKind(row["conclusion"]) for row in ROWS}
    assert concluded == set(FindingKind) - of_one_vantage - {FindingKind.BACK}


def test_every_finding_is_found_by_some_vantage_of_the_table() -> None:
    found = {finding.kind for row in ROWS for finding in both(row)}
    assert found == set(FindingKind)


def both(row: Row) -> Iterator[Finding]:
    for was_removed in (False, True):
        conclusion: Conclusion = conclude(looks_of(row), was_removed=was_removed)
        yield from conclusion.findings


def test_the_kinds_of_gone_say_how_and_are_all_proof() -> None:
    for row in ROWS:
        conclusion = conclude(looks_of(row))
        kinds = {finding.vantage: finding.kind for finding in conclusion.findings}
        proof = [kinds[vantage] for vantage in conclusion.proof]
        if conclusion.kind is FindingKind.GONE:
            assert proof
            assert set(proof) <= GONE_KINDS, row["case"]
        else:
            assert set(proof) <= set(SEEN_KINDS), row["case"]
