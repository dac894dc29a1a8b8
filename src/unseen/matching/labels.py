"""The side file of a bank: one line a material, saying what its ids mean. A damaged line is named, never believed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from unseen.matching import checked_lines

LABELS = "labels.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """A material in the bank: row i has the id `first_id + i` and is the form `forms[i]` (`full`, `mirror`, `frame`...)."""

    first_id: int
    label: str
    sha256: str
    forms: tuple[str, ...]


def read(folder: Path) -> list[Entry]:
    """All entries. Raises BankError that names a damaged line."""
    return [_entry(text) for text in checked_lines.read(folder / LABELS)]


def append(folder: Path, entries: Iterable[Entry]) -> None:
    """Add entries for good: synced before it returns. Only under the label lock."""
    checked_lines.append(folder / LABELS, map(_text, entries))


def replace(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the file anew, so that what was removed leaves no words behind. Only under the label lock."""
    checked_lines.replace(folder / LABELS, map(_text, entries))


def _text(entry: Entry) -> bytes:
    facts = {"first_id": entry.first_id, "label": entry.label, "sha256": entry.sha256, "forms": entry.forms}
    return json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode()


def _entry(text: bytes) -> Entry:
    facts = json.loads(text)
    return Entry(facts["first_id"], facts["label"], facts["sha256"], tuple(facts["forms"]))
