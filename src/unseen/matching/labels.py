"""The side file of a bank: one line a material, saying what its ids mean. A damaged line is named, never believed."""

import json
import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from unseen.matching.files import BankError, write_whole

LABELS = "labels.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """A material in the bank: row i has the id `first_id + i` and is the form `forms[i]` (`full`, `mirror`, `frame`...)."""

    first_id: int
    label: str
    sha256: str
    forms: tuple[str, ...]


def read(folder: Path) -> list[Entry]:
    """All entries; an unfinished last line (the machine stopped while it was written) counts as never written."""
    path = folder / LABELS
    try:
        *lines, _ = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as trouble:
        raise BankError(
            f"{path} cannot be read ({trouble.strerror}): check its rights and the disk"
        ) from None
    return [_entry(path, number, line) for number, line in enumerate(lines, start=1)]


def stamp(folder: Path) -> tuple[int, int, int]:
    """Changes with every write of the file, as far as the file system can tell."""
    try:
        facts = (folder / LABELS).stat()
    except OSError:
        return (0, 0, 0)
    return (facts.st_ino, facts.st_mtime_ns, facts.st_size)


def append(folder: Path, entries: Iterable[Entry]) -> None:
    """Add entries for good: synced before it returns. Only under the label lock."""
    path = folder / LABELS
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        file.seek(whole)
        file.write(b"".join(map(_line, entries)))
        file.flush()
        os.fsync(file.fileno())
    if new:
        write_whole(path, path.read_bytes())


def replace(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the file anew, so that what was removed leaves no words behind. Only under the label lock."""
    write_whole(folder / LABELS, b"".join(map(_line, entries)))


def _line(entry: Entry) -> bytes:
    facts = {"first_id": entry.first_id, "label": entry.label, "sha256": entry.sha256, "forms": entry.forms}
    body = json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode()
    return body + b"\t%08x\n" % zlib.crc32(body)


def _entry(path: Path, number: int, line: bytes) -> Entry:
    body, _, check = line.rpartition(b"\t")
    if b"%08x" % zlib.crc32(body) != check:
        raise BankError(f"{path} line {number} is damaged (wrong CRC-32): restore the file from a backup")
    try:
        facts = json.loads(body)
        entry = Entry(facts["first_id"], facts["label"], facts["sha256"], tuple(facts["forms"]))
        sound = _is_sound(entry)
    except (ValueError, LookupError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise BankError(f"{path} line {number} is no entry of a bank: restore the file from a backup")
    return entry


def _is_sound(entry: Entry) -> bool:
    """A bank may come from elsewhere, with checksums that fit."""
    if type(entry.first_id) is not int or not 0 <= entry.first_id < 2**64 - len(entry.forms):
        return False
    return all(isinstance(word, str) for word in (entry.label, entry.sha256, *entry.forms))
