"""Indexes beside the files of a bank: derived from them, checked by block before use, made again when damaged."""

import hashlib
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from unseen.matching.files import HEAD_BYTES, ROW_BYTES, UNFINISHED, Part, damaged, sync_folder

Bytes = NDArray[np.uint8]

SUFFIX = ".index"
LAYOUTS = ("fast", "small")
_FAST, _NARROW, _SMALL = 16, 3, 4  # bytes an entry; row numbers below 2^24 fit three
INDEX_ROWS_MIN = 16_384  # fewer are scanned in the time that a look-up takes, and need no tables
_WIDE_ROWS_MIN = 3_000_000  # from here on tables with more buckets pay for themselves
_MAGIC = b"UNSEENINDEX2"
_BLOCK = 4096
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class Index:
    """A mapped index: its body, and the CRC-32C of each block of 4 KiB of the bank file and of the body."""

    scheme: int
    entry_bytes: int
    body: Bytes
    file_sums: Bytes
    body_sums: Bytes


def path_of(folder: Path, part: Part) -> Path:
    return (folder / part.file).with_suffix(SUFFIX)


def write(native: ModuleType, folder: Path, part: Part, layout: str) -> None:
    """Make the index of a part from its file. Only under the write lock. Raises BankError, OSError."""
    path = path_of(folder, part)
    beside = path.with_name(path.name + UNFINISHED)
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        fill(native, descriptor, folder / part.file, part, layout)
        beside.replace(path)
        sync_folder(folder)
    finally:
        beside.unlink(missing_ok=True)


def fill(native: ModuleType, descriptor: int, rows_file: Path, part: Part, layout: str) -> None:
    """Write the index of the rows in `rows_file` to an open empty file, sync and close it. Raises BankError, OSError."""
    data = mapped(rows_file)
    if hashlib.sha256(data.data).hexdigest() != part.sha256:
        raise damaged(rows_file)
    rows = data[HEAD_BYTES + 8 * part.count :].reshape(part.count, ROW_BYTES)
    scheme = 2 if part.count >= _WIDE_ROWS_MIN else 1
    small = _NARROW if part.count <= 1 << 24 else _SMALL
    entry_bytes = _FAST if layout == "fast" else small
    size = native.body_bytes(part.count, scheme, entry_bytes)
    with _filled(descriptor, _size(part.count, size)) as whole:
        body = whole[_BLOCK : _BLOCK + size]
        native.build(part.count, scheme, entry_bytes, rows, body)
        sums = np.concatenate([native.block_sums(data), native.block_sums(body)]).astype("<u4").view(np.uint8)
        whole[_BLOCK + size :] = sums
        facts = _facts(part, scheme, entry_bytes, sums)
        head = facts + hashlib.sha256(facts).digest()
        whole[: len(head)] = np.frombuffer(head, np.uint8)


def check_file(folder: Path, part: Part, data: Bytes) -> None:
    """Raises BankError unless the bytes are those that the manifest means."""
    if hashlib.sha256(data.data).hexdigest() != part.sha256:
        raise damaged(folder / part.file)


def read(native: ModuleType, folder: Path, part: Part) -> Index | None:
    """The index of a part, its head and sums checked; None where there is none to believe. OSError."""
    try:
        whole = mapped(path_of(folder, part))
    except FileNotFoundError:
        return None
    if len(whole) < _BLOCK:
        return None
    scheme, entry_bytes = int(whole[12]), int(whole[13])
    if scheme not in (1, 2) or entry_bytes not in (_FAST, _NARROW, _SMALL):
        return None
    if entry_bytes == _NARROW and part.count > 1 << 24:
        return None
    size = native.body_bytes(part.count, scheme, entry_bytes)
    if len(whole) != _size(part.count, size):
        return None
    sums = whole[_BLOCK + size :]
    facts = _facts(part, scheme, entry_bytes, sums)
    head = facts + hashlib.sha256(facts).digest()
    if whole[: len(head)].tobytes() != head or whole[len(head) : _BLOCK].any():
        return None
    split = 4 * _blocks(file_size(part.count))
    return Index(scheme, entry_bytes, whole[_BLOCK : _BLOCK + size], sums[:split], sums[split:])


def is_whole(native: ModuleType, found: Index) -> bool:
    """Whether every block of the body is as written."""
    return bool((native.block_sums(found.body).astype("<u4").view(np.uint8) == found.body_sums).all())


def mapped(path: Path) -> Bytes:
    """The file's bytes, read when touched. The map outlives the file's name. OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if os.fstat(descriptor).st_size == 0:
            return np.empty(0, np.uint8)
        return np.frombuffer(mmap.mmap(descriptor, 0, prot=mmap.PROT_READ), np.uint8)
    finally:
        os.close(descriptor)


def _facts(part: Part, scheme: int, entry_bytes: int, sums: Bytes) -> bytes:
    """Ties the index to one bank file: whatever else stands in the folder is not this index."""
    kind = bytes([scheme, entry_bytes, 0, 0])
    count = part.count.to_bytes(8, "little")
    return _MAGIC + kind + count + bytes.fromhex(part.sha256) + hashlib.sha256(sums.tobytes()).digest()


def file_size(count: int) -> int:
    return HEAD_BYTES + (8 + ROW_BYTES) * count


def _blocks(size: int) -> int:
    return -(-size // _BLOCK)


def _size(count: int, body: int) -> int:
    return _BLOCK + body + 4 * (_blocks(file_size(count)) + _blocks(body))


@contextmanager
def _filled(descriptor: int, size: int) -> Iterator[Bytes]:
    """The bytes of an open empty file, zeros to fill; synced when the block ends well, closed in any case."""
    try:
        os.posix_fallocate(descriptor, 0, size)  # a full disk is an error here, and a lost process in a map
        whole = mmap.mmap(descriptor, size)
        yield np.frombuffer(whole, np.uint8)
        whole.flush()
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
