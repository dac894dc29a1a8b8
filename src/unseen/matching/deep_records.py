"""The side file of a deep bank: one line an original, with its shape and the fingerprints of its parts."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unseen.fingerprint.deep_model import PartPrints, parts_from_wire
from unseen.matching import checked_lines
from unseen.matching.files import BankError

ORIGINALS = "originals.jsonl"


@dataclass(frozen=True, slots=True)
class Record:
    """One original: its number in the ids of the features, and the entry of the labels that it belongs to."""

    number: int
    first_id: int
    sha256: str
    width: int
    height: int
    parts: PartPrints


def read(folder: Path) -> list[Record]:
    """All of them. Raises BankError that names a damaged line."""
    return [_record(folder, text) for text in checked_lines.read(folder / ORIGINALS)]


def append(folder: Path, records: Iterable[Record]) -> None:
    """Add records for good. Only under the lock of the labels."""
    checked_lines.append(folder / ORIGINALS, map(_text, records))


def replace(folder: Path, records: Iterable[Record]) -> None:
    """Write the file anew, so that what was removed leaves nothing behind. Only under the lock of the labels."""
    checked_lines.replace(folder / ORIGINALS, map(_text, records))


def _text(record: Record) -> bytes:
    facts = {
        "number": record.number,
        "first_id": record.first_id,
        "sha256": record.sha256,
        "width": record.width,
        "height": record.height,
        "parts": record.parts.facts(),
    }
    return json.dumps(facts, separators=(",", ":")).encode()


def _record(folder: Path, text: bytes) -> Record:
    try:
        facts: dict[str, Any] = json.loads(text)
        parts = parts_from_wire(facts["parts"])
        return Record(
            facts["number"], facts["first_id"], facts["sha256"], facts["width"], facts["height"], parts
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        raise BankError(
            f"{folder / ORIGINALS} was written by another version: open it with that version of unseen"
        ) from None
