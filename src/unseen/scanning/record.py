"""What an unfinished scan has done: kept on the disk as it goes, so that the next run does none of it again.

It holds digests instead of names, and the facts of each line. Decision: docs/decisions/0023.
"""

import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from unseen.discovery.sources import Found
from unseen.scanning.limits import RECORD_KEPT_DAYS
from unseen.scanning.look import Facts

SUFFIX = ".scan"
_BESIDE = ("", "-wal", "-shm", "-journal")  # SQLite's own files
_TABLES = """
create table if not exists terms (name text primary key, value text not null) without rowid;
create table if not exists done (
    name blob primary key, state text not null, facts text not null, sum integer not null
) without rowid;
"""
_APPLICATION = 0x554E5343  # "UNSC": tells our files from other databases
_DAY_S = 86_400


class RecordError(Exception):
    """No record can be kept; the message says why, and the cure."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which file (a digest of its name) in which state: another size or time of change means another file."""

    name: bytes
    state: str


def stamp_of(found: Found) -> Stamp | None:
    """None where the file is gone: there is nothing to remember."""
    page = found.page.key if found.page else ""
    name = hashlib.blake2b(
        f"{found.path or found.where}\0{page}".encode(errors="surrogateescape"), digest_size=16
    )
    if found.path is None:
        return Stamp(name.digest(), "")
    try:
        facts = found.path.stat()
    except (OSError, ValueError):
        return None
    return Stamp(name.digest(), f"{facts.st_size} {facts.st_mtime_ns}")


class Record:
    """One scan's record. Only one run may have it open."""

    def __init__(self, path: Path, database: sqlite3.Connection, voided: str) -> None:
        self.path = path
        self.voided = voided
        """What changed since an earlier run, whose work does not count then; empty if there was none, or if it counts."""
        self._database = database
        self.files_before = int(database.execute("select count(*) from done").fetchone()[0])

    @classmethod
    def open(cls, path: Path, terms: Mapping[str, str]) -> "Record":
        """Open or make it. `terms`: what the facts depend on, each with its state; if one changed, all is forgotten.

        Raises RecordError where another run has it open, the place cannot be written, or the file is somebody else's.
        """
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
            database = sqlite3.connect(path, timeout=0, isolation_level=None)
        except (OSError, sqlite3.DatabaseError) as trouble:
            why = getattr(trouble, "strerror", None) or str(trouble)
            raise RecordError(f"{path} cannot be written ({why}): name another file") from None
        try:
            changed = _prepare(database, path, terms)
            return cls(path, database, changed)
        except sqlite3.DatabaseError as trouble:
            database.close()
            raise RecordError(_why_unusable(path, trouble)) from None
        except RecordError:
            database.close()
            raise

    @staticmethod
    def is_one(path: Path) -> bool:
        """Whether the file is a scan's record: nobody else's file is deleted because an option was mistyped."""
        try:
            head = path.read_bytes()[:72]
        except OSError:
            return False
        return head[68:72] == _APPLICATION.to_bytes(4, "big")  # sqlite.org/fileformat.html, 1.3

    def finished(self, stamp: Stamp) -> Facts | None:
        """The facts of a file that an earlier run looked at and that is as it was, else None."""
        row = self._database.execute("select * from done where name = ?", (stamp.name,)).fetchone()
        if row is None or row[1] != stamp.state or row[3] != _check(*row[:3]):
            return None
        facts: Facts = json.loads(row[2])
        return facts

    def keep(self, stamp: Stamp, facts: Facts) -> None:
        """Remember a file for good. What was not found may be there next time and is not remembered. Raises RecordError."""
        if facts.get("error", {}).get("code") != "not_found":
            row = (stamp.name, stamp.state, json.dumps(facts, separators=(",", ":")))
            try:
                self._database.execute(
                    "insert or replace into done values (?, ?, ?, ?)", (*row, _check(*row))
                )
            except sqlite3.DatabaseError as trouble:  # a full disk, or one that is gone
                raise RecordError(f"{self.path} cannot be written ({trouble}): make room") from None

    def close(self) -> None:
        """Leave it for the next run."""
        self._database.close()

    def remove(self) -> None:
        """The scan is over: nothing of it stays on the disk."""
        self._database.close()
        forget(self.path)


def forget(path: Path) -> None:
    """Delete a record."""
    for suffix in _BESIDE:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def forget_old(folder: Path, now_s: float) -> None:
    """Delete the records in `folder` that nobody went on with. `now_s`: seconds since 1970."""
    with suppress(OSError):
        for path in folder.glob(f"*{SUFFIX}"):
            if now_s - path.stat().st_mtime > RECORD_KEPT_DAYS * _DAY_S:
                forget(path)


def default_name(sources: list[str], bank: Path, options: Mapping[str, str]) -> str:
    """The same for the same command, from wherever it is started."""
    places = [source if "://" in source else _whole_path(source) for source in sources]
    named = json.dumps([places, _whole_path(str(bank)), dict(options)])
    return hashlib.sha256(named.encode(errors="surrogateescape")).hexdigest()[:32] + SUFFIX


def _prepare(database: sqlite3.Connection, path: Path, terms: Mapping[str, str]) -> str:
    """Make the tables, compare the terms. Returns what changed, in words."""
    database.execute("pragma locking_mode = exclusive")
    (tables,) = database.execute("select count(*) from sqlite_schema").fetchone()
    if tables and database.execute("pragma application_id").fetchone() != (_APPLICATION,):
        raise RecordError(f"{path} is no record of a scan: name another file")
    database.execute("pragma journal_mode = wal")  # a killed run loses nothing, a power cut the last lines
    database.execute("pragma synchronous = normal")
    database.execute(f"pragma application_id = {_APPLICATION}")
    database.executescript(_TABLES)
    database.execute("begin immediate")
    before = dict(database.execute("select name, value from terms").fetchall())
    changed = [name for name in terms if before and before.get(name) != terms[name]]
    if changed:
        database.execute("delete from done")
    database.execute("delete from terms")
    database.executemany("insert into terms values (?, ?)", list(terms.items()))
    database.execute("commit")
    return " and ".join(changed)


def _why_unusable(path: Path, trouble: sqlite3.DatabaseError) -> str:
    if "locked" in str(trouble):
        return f"{path} is in use by another run of this scan: wait for its end, or name another file"
    return f"{path} is damaged, or no record of a scan ({trouble}): remove it, or name another file"


def _check(name: bytes, state: str, facts: str) -> int:
    """CRC-32 of a row: a flipped bit on the disk makes a file be looked at again, and no wrong line."""
    return zlib.crc32(b"\0".join((name, state.encode(), facts.encode())))


def _whole_path(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - Path.resolve refuses odd paths, which are named in their lines
