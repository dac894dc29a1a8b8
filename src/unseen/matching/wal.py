"""The write-ahead file: newest rows, appended and synced one record at a time. Format: docs/bank-format.md."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from unseen.matching.files import ROW_BYTES, Ids, Rows, damaged, write_whole

SUFFIX = ".wal"
_MAGIC = b"UNSEENWAL001"
_HEAD = 64  # magic (12), zeros (4), salt (16), SHA-256 of these 32
_MARK = slice(64, 96)  # how long the file was for sure (8), zeros (8), the first 16 bytes of a SHA-256
FIRST = 128
_RECORD_HEAD = 64
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Recent:
    """The rows of one file, where its good records end, and whether something unfinished follows."""

    ids: Ids
    rows: Rows
    end: int
    salt: bytes


def create(path: Path, ids: Ids, rows: Rows) -> None:
    """A new file with one record, synced. It counts once a manifest names it. OSError."""
    salt = os.urandom(16)  # what an older file left on the disk is no record of this one
    head = _MAGIC + bytes(4) + salt
    record = _record(salt, FIRST, ids, rows)
    start = head + hashlib.sha256(head).digest() + _mark(salt, FIRST + len(record))
    write_whole(path, start.ljust(FIRST, b"\0") + record)


def append(path: Path, recent: Recent, ids: Ids, rows: Rows) -> None:
    """Add a record after the good ones of `recent`, as just read under the write lock; durable when it returns.

    What the disk refuses is taken back: OSError, and the file holds what it held.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        try:
            os.ftruncate(descriptor, recent.end)
            record = _record(recent.salt, recent.end, ids, rows)
            _write_all(descriptor, record, recent.end)
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, recent.end)
            raise
        # Not synced: it only ever says less than what was synced before, and then the records speak for themselves.
        os.pwrite(descriptor, _mark(recent.salt, recent.end + len(record)), _MARK.start)
    finally:
        os.close(descriptor)


def read(path: Path, descriptor: int | None = None) -> Recent:
    """All good records. A last one that was cut off while it was written counts as never written; anything else that is
    not as written raises BankError. OSError.
    """
    data = path.read_bytes() if descriptor is None else _read_all(descriptor)
    salt = data[16:32]
    head = data[:32]
    if len(data) < FIRST or head[:16] != _MAGIC + bytes(4) or data[32:_HEAD] != hashlib.sha256(head).digest():
        raise damaged(path)
    sure = int.from_bytes(data[_MARK][:8], "little")
    if data[_MARK] != _mark(salt, sure) or any(data[_MARK.stop : FIRST]):
        raise damaged(path)
    ids: list[Ids] = [np.empty(0, np.uint64)]
    rows: list[Rows] = [np.empty((0, ROW_BYTES), np.uint8)]
    end = FIRST
    while (record := _record_at(salt, end, data)) is not None:
        ids.append(record[0])
        rows.append(record[1])
        end = record[2]
    if end < sure:
        raise damaged(path)
    return Recent(np.concatenate(ids), np.concatenate(rows), end, salt)


def _record(salt: bytes, place: int, ids: Ids, rows: Rows) -> bytes:
    """Count (4), zeros (4), place (8), 16 bytes of the SHA-256 of salt and these, SHA-256 of all; ids; rows."""
    facts = len(ids).to_bytes(4, "little") + bytes(4) + place.to_bytes(8, "little")
    body = ids.astype("<u8").tobytes() + rows.tobytes()
    return facts + _short(salt, facts) + hashlib.sha256(salt + facts + body).digest() + body


def _record_at(salt: bytes, place: int, data: bytes) -> tuple[Ids, Rows, int] | None:
    facts = data[place : place + 16]
    count = int.from_bytes(facts[:4], "little")
    end = place + _RECORD_HEAD + (_ID_BYTES + ROW_BYTES) * count
    if data[place + 16 : place + 32] != _short(salt, facts) or end > len(data):
        return None
    if int.from_bytes(facts[8:], "little") != place:
        return None
    body = data[place + _RECORD_HEAD : end]
    if data[place + 32 : place + _RECORD_HEAD] != hashlib.sha256(salt + facts + body).digest():
        return None
    ids = np.frombuffer(body, "<u8", count).astype(np.uint64)
    return ids, np.frombuffer(body, np.uint8, offset=_ID_BYTES * count).reshape(-1, ROW_BYTES), end


def _mark(salt: bytes, length: int) -> bytes:
    facts = length.to_bytes(8, "little") + bytes(8)
    return facts + _short(salt, b"mark" + facts)


def _short(salt: bytes, facts: bytes) -> bytes:
    return hashlib.sha256(salt + facts).digest()[:16]


def _write_all(descriptor: int, data: bytes, place: int) -> None:
    while data:
        written = os.pwrite(descriptor, data, place)
        data, place = data[written:], place + written


def _read_all(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
