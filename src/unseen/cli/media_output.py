"""What the media commands print: JSON lines, tables for people, failures on the error stream, a progress bar."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from unseen.fingerprint import Fingerprint, FingerprintError, ImageFingerprint
from unseen.matching.alignment import Segment
from unseen.matching.labelled import LabelMatch


def json_line(facts: dict[str, Any]) -> None:
    """One line, written at once, so that a pipe sees each file as it is done."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def facts(answer: Fingerprint | FingerprintError) -> dict[str, Any]:
    return {"error": answer.facts()} if isinstance(answer, FingerprintError) else answer.facts()


def match_facts(match: LabelMatch) -> dict[str, Any]:
    facts = {
        "label": match.label,
        "distance_bits": match.distance_bits,
        "how": match.how,
        "at_s": list(match.at_s),
    }
    return facts | ({"segments": [each.facts() for each in match.segments]} if match.segments else {})


def failure(what: str, message: str) -> None:
    """Name one failed input on the error stream, once."""
    named = message.startswith((what, f"'{what}'"))
    typer.echo(printable(message if named else f"{what}: {message}"), err=True)


def printable(text: str) -> str:
    """A file's name may hold control characters that would steer a terminal."""
    return "".join(char if char.isprintable() else "?" for char in text)


def safe(text: str) -> str:
    """Printable, and without meaning to rich's markup."""
    return escape(printable(text))


@contextmanager
def table(*headings: str, shown: bool) -> Iterator[Table]:
    """A table that is printed when the block ends, if it is to be shown and has rows."""
    made = Table(*headings)
    yield made
    if shown and made.row_count:
        Console().print(made)


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing in a pipe; call what it gives after each file."""
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("files", total=total)
        yield lambda: bar.advance(task)


def fingerprint_rows(table: Table, path: str, answer: Fingerprint | FingerprintError) -> None:
    if isinstance(answer, FingerprintError):
        table.add_row(safe(path), str(answer.code), safe(answer.message), "")
    elif isinstance(answer, ImageFingerprint):
        table.add_row(safe(path), f"image {answer.width} x {answer.height}", answer.pdq, str(answer.quality))
        for variant in answer.variants:
            table.add_row("", variant.name, variant.pdq, str(variant.quality))
    else:
        table.add_row(safe(path), f"video {answer.duration_s:g} s", "", "")
        for frame in answer.frames:
            table.add_row("", f"at {frame.at_s:g} s", frame.pdq, str(frame.quality))


def match_rows(table: Table, path: str, matches: list[LabelMatch]) -> None:
    if not matches:
        table.add_row(safe(path), "no match", "", "", "")
    for match in matches:
        seconds = "; ".join(_words(each) for each in match.segments) or ", ".join(
            f"{at_s:g}" for at_s in match.at_s
        )
        table.add_row(safe(path), safe(match.label), str(match.distance_bits), match.how, seconds)


def _words(segment: Segment) -> str:
    """Seconds of the query, then those of the film in the bank."""
    speed = "" if 0.98 < segment.speed < 1.02 else f" at speed {segment.speed:.2f}"
    times = f"{segment.from_s:.1f}-{segment.to_s:.1f} is {segment.bank_from_s:.1f}-{segment.bank_to_s:.1f}"
    return times + speed


def unmatched(table: Table, path: str, error: FingerprintError, as_json: bool) -> None:
    if as_json:
        json_line({"path": path, "error": error.facts()})
    else:
        table.add_row(safe(path), str(error.code), "", safe(error.message), "")
