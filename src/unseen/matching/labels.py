"""The side file of a bank: one line a material, saying what its ids mean. A damaged line is named, never believed."""

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unseen.matching import checked_lines
from unseen.matching.files import BankError

LABELS = "labels.jsonl"
_FILM_SIZE_BYTES_MAX = 64 * 2**20  # four hours, every frame and its forms, take a tenth of it


@dataclass(frozen=True, slots=True)
class Entry:
    """A material in the bank: row i has the id `first_id + i` and is the form `forms[i]` (`full`, `mirror`, `frame`...)."""

    first_id: int
    label: str
    sha256: str
    forms: tuple[str, ...]
    at_s: tuple[float, ...] = ()  # of a film: the second of each row

    @property
    def is_film(self) -> bool:
        return bool(self.at_s)


def read(folder: Path) -> list[Entry]:
    """All entries. Raises BankError that names a damaged line."""
    path = folder / LABELS
    return [_entry(path, number, text) for number, text in enumerate(checked_lines.read(path), start=1)]


def stamp(folder: Path) -> tuple[int, int, int]:
    """Changes with every write of the file, as far as the file system can tell."""
    return checked_lines.stamp(folder / LABELS)


def append(folder: Path, entries: Iterable[Entry]) -> None:
    """Add entries for good: synced before it returns. Only under the label lock."""
    checked_lines.append(folder / LABELS, map(_text, entries))


def replace(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the file anew, so that what was removed leaves no words behind. Only under the label lock."""
    checked_lines.replace(folder / LABELS, map(_text, entries))


def _text(entry: Entry) -> bytes:
    facts: dict[str, Any] = {"first_id": entry.first_id, "label": entry.label, "sha256": entry.sha256}
    facts |= _film_facts(entry) if entry.is_film else {"forms": entry.forms}
    return json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode()


def _entry(path: Path, number: int, text: bytes) -> Entry:
    try:
        facts = json.loads(text)
        forms, at_s = tuple(facts["forms"]), ()
        if "rows" in facts:
            forms = tuple(forms[place] for place in _unpacked(facts["rows"], np.uint8).tolist())
            at_s = tuple((np.cumsum(_unpacked(facts["steps_ms"], np.dtype("<i4"))) / 1000).tolist())
        entry = Entry(facts["first_id"], facts["label"], facts["sha256"], forms, at_s)
        sound = _is_sound(entry)
    except (ValueError, LookupError, TypeError, RecursionError, zlib.error):
        sound = False
    if not sound:
        raise BankError(f"{path} line {number} is no entry of a bank: restore the file from a backup")
    return entry


def _is_sound(entry: Entry) -> bool:
    """A bank may come from elsewhere, with checksums that fit."""
    if type(entry.first_id) is not int or not 0 <= entry.first_id < 2**64 - len(entry.forms):
        return False
    if entry.at_s and len(entry.at_s) != len(entry.forms):
        return False
    return all(isinstance(word, str) for word in (entry.label, entry.sha256, *entry.forms))


def _film_facts(entry: Entry) -> dict[str, Any]:
    """A film has thousands of rows of few forms: two bytes a row after packing, instead of twenty."""
    names = sorted(set(entry.forms))
    place = {name: at for at, name in enumerate(names)}
    times_ms = np.rint(np.array(entry.at_s) * 1000).astype(np.int64)
    return {
        "forms": names,
        "rows": _packed(np.array([place[name] for name in entry.forms], np.uint8)),
        "steps_ms": _packed(np.diff(times_ms, prepend=0).astype("<i4")),
    }


def _packed(values: NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(values.tobytes())).decode()


def _unpacked(text: str, kind: Any) -> NDArray[Any]:
    """Raises ValueError where a few bytes claim to be more rows than any film has."""
    unpacker = zlib.decompressobj()
    values = unpacker.decompress(base64.b64decode(text), _FILM_SIZE_BYTES_MAX)
    if unpacker.unconsumed_tail:
        raise ValueError("too many rows")
    return np.frombuffer(values, kind)
