"""What the media commands print: JSON lines, tables for people and failures on the error stream."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from unseen.cli.progress import output_stream, write_line, write_trouble
from unseen.fingerprint import Fingerprint, FingerprintError, ImageFingerprint


def json_line(facts: dict[str, Any]) -> None:
    """One line, written at once, so that a pipe sees each file as it is done."""
    write_line(json.dumps(facts))


def facts(answer: Fingerprint | FingerprintError) -> dict[str, Any]:
    return {"error": answer.facts()} if isinstance(answer, FingerprintError) else answer.facts()


def failure(what: str, message: str) -> None:
    """Name one failed input on the error stream, once."""
    named = message.startswith((what, f"'{what}'"))
    write_trouble(printable(message if named else f"{what}: {message}"))


def printable(text: str) -> str:
    """A file's name may hold control characters that would steer a terminal."""
    return "".join(char if char.isprintable() else "?" for char in text)


def safe(text: str) -> str:
    """Printable, and without meaning to rich's markup."""
    return escape(printable(text))


@contextmanager
def table(*headings: str, shown: bool) -> Iterator[Table]:
    """A table that is printed when the block ends, if it is to be shown and has rows."""
    made = Table()
    for heading in headings:
        made.add_column(heading, overflow="fold")  # a path cut short cannot be copied
    yield made
    if shown and made.row_count:
        Console(file=output_stream()).print(made)


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


def match_rows(table: Table, path: str, matches: list[dict[str, Any]]) -> None:
    """Rows of matches as their facts."""
    if not matches:
        table.add_row(safe(path), "no match", "", "", "")
    for match in matches:
        seconds = "; ".join(map(_words, match.get("segments", ()))) or ", ".join(
            f"{at_s:g}" for at_s in match["at_s"]
        )
        table.add_row(safe(path), safe(match["label"]), str(match["distance_bits"]), match["how"], seconds)


def _words(segment: dict[str, float]) -> str:
    """Seconds of the query, then those of the film in the bank."""
    speed = "" if 0.98 < segment["speed"] < 1.02 else f" at speed {segment['speed']:.2f}"
    here, there = (f"{segment[f'{film}from_s']:.1f}-{segment[f'{film}to_s']:.1f}" for film in ("", "bank_"))
    return f"{here} is {there}{speed}"


def unmatched(table: Table, path: str, error: FingerprintError, as_json: bool) -> None:
    if as_json:
        json_line({"path": path, "error": error.facts()})
    else:
        table.add_row(safe(path), str(error.code), "", safe(error.message), "")
