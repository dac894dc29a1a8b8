"""A file of lines, each with its own checksum: added to durably, never believed when damaged."""

import os
import zlib
from collections.abc import Iterable
from pathlib import Path

from unseen.matching.files import BankError, write_whole


def read(path: Path) -> list[bytes]:
    """The text of every line; an unfinished last line (the machine stopped while it was written) was never written.

    Raises BankError that names a damaged line.
    """
    try:
        *lines, _ = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as trouble:
        raise BankError(
            f"{path} cannot be read ({trouble.strerror}): check its rights and the disk"
        ) from None
    return [_checked(path, number, line) for number, line in enumerate(lines, start=1)]


def append(path: Path, texts: Iterable[bytes]) -> None:
    """Add lines for good: synced before it returns. Only under a lock."""
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        file.seek(whole)
        file.write(b"".join(map(_line, texts)))
        file.flush()
        os.fsync(file.fileno())
    if new:
        write_whole(path, path.read_bytes())


def replace(path: Path, texts: Iterable[bytes]) -> None:
    """Write the file anew, so that what was removed leaves nothing behind. Only under a lock."""
    write_whole(path, b"".join(map(_line, texts)))


def stamp(path: Path) -> tuple[int, int, int]:
    """Changes with every write of the file, as far as the file system can tell."""
    try:
        facts = path.stat()
    except OSError:
        return (0, 0, 0)
    return (facts.st_ino, facts.st_mtime_ns, facts.st_size)


def _line(text: bytes) -> bytes:
    return text + b"\t%08x\n" % zlib.crc32(text)


def _checked(path: Path, number: int, line: bytes) -> bytes:
    text, _, check = line.rpartition(b"\t")
    if b"%08x" % zlib.crc32(text) != check:
        raise BankError(f"{path} line {number} is damaged (wrong CRC-32): restore the file from a backup")
    return text
