"""How the bank's files reach the disk: whole and synced or not at all. Format: docs/bank-format.md."""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]
Rows = NDArray[np.uint8]
Bytes = NDArray[np.uint8]

ROW_BYTES = 32
MANIFEST = "manifest.json"
LOCK = "lock"
UNFINISHED = ".unfinished"
BEFORE_THE_FIRST_MANIFEST = frozenset({LOCK, MANIFEST + UNFINISHED})
_MAGIC = b"UNSEENBANK01"
_PART_NAME = re.compile(r"\d{8,}\.bank", re.ASCII)
_WAL_NAME = re.compile(r"\d{8,}\.wal", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}")
HEAD_BYTES = 64  # magic (12), zeros (4), count (8), SHA-256 of the body (32), zeros (8)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of rows, as the manifest names it."""

    file: str
    count: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """The parts in the order in which they were added, the number of the next file, and the write-ahead file if any."""

    parts: list[Part]
    next_number: int
    wal: str | None = None

    def take_name(self, suffix: str) -> str:
        """The name of a new file; no other file of this bank has its number."""
        name = f"{self.next_number:08d}{suffix}"
        self.next_number += 1
        return name


class BankError(Exception):
    """The bank cannot be trusted or used; the message names the file and the cure."""


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, sync, rename, sync the folder: after a power cut the file is the old one or the new one."""
    beside = path.with_name(path.name + UNFINISHED)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def write_lock(folder: Path, name: str = LOCK, wait: bool = True) -> Iterator[None]:
    """One writer at a time, across processes and threads. Searching takes it only to make an index that is missing.

    Raises BankError for what the disk refuses meanwhile (a full one, a lost file, missing rights), and where another
    process writes and `wait` is false.
    """
    try:
        descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(descriptor)
    except OSError as trouble:
        raise BankError(
            f"{trouble.filename or folder} cannot be changed ({trouble.strerror}), the bank is as it was before: "
            "make room, check its rights, or restore the bank folder from a backup"
        ) from None


def write_part(folder: Path, name: str, ids: Ids, rows: Rows) -> Part:
    """Store ids and rows as one checked file; it counts only once a manifest names it."""
    beside = folder / (name + UNFINISHED)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    digest = fill_part(descriptor, [ids], [rows])
    beside.replace(folder / name)
    sync_folder(folder)
    return Part(name, len(ids), digest)


def fill_part(descriptor: int, ids: Sequence[Ids], rows: Sequence[Rows]) -> str:
    """Write the file of these rows to an open empty file, sync and close it. Returns the SHA-256 of the whole."""
    pieces: list[Bytes] = [each.astype("<u8").view(np.uint8) for each in ids]
    pieces += [np.ascontiguousarray(each).reshape(-1) for each in rows]
    body = hashlib.sha256()
    for piece in pieces:
        body.update(piece.data)
    head = _head(sum(map(len, ids)), body.digest())
    whole = hashlib.sha256(head)
    with os.fdopen(descriptor, "wb") as file:
        file.write(head)
        for piece in pieces:
            file.write(piece.data)
            whole.update(piece.data)
        file.flush()
        os.fsync(file.fileno())
    return whole.hexdigest()


def damaged(path: Path) -> BankError:
    return BankError(f"{path} is damaged (it is not what was written): restore this file from a backup")


def read_whole(folder: Path, part: Part) -> bytes:
    """One file. Raises BankError unless every byte is as written, OSError."""
    path = folder / part.file
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise damaged(path)
    body = data[HEAD_BYTES:]
    if (
        data[:HEAD_BYTES] != _head(part.count, hashlib.sha256(body).digest())
        or len(body) != (8 + ROW_BYTES) * part.count
    ):
        raise BankError(f"{path} is not what the manifest says: restore the whole bank folder from a backup")
    return data


def read_part(folder: Path, part: Part) -> tuple[Ids, Rows]:
    """The ids and rows of one file. Raises BankError unless every byte is as written, OSError."""
    data = read_whole(folder, part)
    ids = np.frombuffer(data, "<u8", part.count, HEAD_BYTES).astype(np.uint64)
    return ids, np.frombuffer(data, np.uint8, offset=HEAD_BYTES + 8 * part.count).reshape(-1, ROW_BYTES)


def _head(count: int, body_digest: bytes) -> bytes:
    return _MAGIC + bytes(4) + count.to_bytes(8, "little") + body_digest + bytes(8)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest: the moment at which a change counts."""
    parts = [asdict(part) for part in manifest.parts]
    facts: dict[str, object] = {
        "format": "unseen-bank",
        "version": 2,
        "next": manifest.next_number,
        "wal": manifest.wal,
    }
    facts["parts"] = parts
    body = json.dumps(facts, indent=1)
    digest = hashlib.sha256(body.encode()).hexdigest()
    write_whole(folder / MANIFEST, f"{body}\n{digest}\n".encode())


def read_manifest(folder: Path) -> Manifest:
    """Raises BankError, or FileNotFoundError when there is none."""
    path = folder / MANIFEST
    body, _, digest = path.read_text("utf-8", "replace").rstrip("\n").rpartition("\n")
    if hashlib.sha256(body.encode()).hexdigest() != digest:
        raise BankError(
            f"{path} is damaged (its last line is not the SHA-256 of the rest): restore it from a backup"
        )
    manifest = _manifest(path, body)
    if manifest is None:
        raise BankError(f"{path} is no manifest of a bank: restore it from a backup")
    return manifest


def _manifest(path: Path, body: str) -> Manifest | None:
    try:
        facts = json.loads(body)
        if facts["format"] != "unseen-bank" or facts["version"] not in (1, 2):
            raise BankError(f"{path} was written by another version: open it with that version of unseen")
        wal = facts["wal"] if facts["version"] == 2 else None  # the next write makes version 1 version 2
        manifest = Manifest([Part(**part) for part in facts["parts"]], facts["next"], wal)
        sound = all(map(_is_sound, manifest.parts)) and (wal is None or bool(_WAL_NAME.fullmatch(wal)))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return manifest if sound else None


def _is_sound(part: Part) -> bool:
    """A bank may come from elsewhere, with checksums that fit and facts that lie: it names nothing outside its folder."""
    count: object = part.count
    return (
        bool(_PART_NAME.fullmatch(part.file))
        and type(count) is int
        and 0 <= count < 2**40
        and bool(_DIGEST.fullmatch(part.sha256))
    )


def drop_leftovers(folder: Path, manifest: Manifest) -> None:
    """Delete files of writes that never finished and of parts that were replaced; only under the write lock."""
    kept = {part.file.partition(".")[0] for part in manifest.parts}
    if manifest.wal is not None:
        kept.add(manifest.wal.partition(".")[0])
    for path in folder.iterdir():
        name, _, kind = path.name.partition(".")
        ours = kind.removesuffix(UNFINISHED) in ("bank", "index", "wal") and name.isdigit()
        if ours and (name not in kept or kind.endswith(UNFINISHED)):
            path.unlink(missing_ok=True)
