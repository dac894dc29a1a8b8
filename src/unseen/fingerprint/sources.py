"""A source (a path, or the bytes themselves) as one open, readable descriptor for the child."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from unseen.fingerprint.limits import PICTURE_SIZE_BYTES_MAX, VIDEO_SIZE_BYTES_MAX
from unseen.fingerprint.model import ErrorCode, FingerprintError
from unseen.fingerprint.sniff import HEAD_BYTES, Family, claim

Source = str | os.PathLike[str] | bytes


@dataclass(frozen=True, slots=True)
class OpenSource:
    """Opened for reading at its start; `family` is what its first bytes claim, None for no media at all."""

    descriptor: int
    family: Family | None


@contextmanager
def opened_source(source: Source) -> Iterator[OpenSource]:
    """Open it and check its kind and size in bytes. Raises FingerprintError: not_found, empty, too_large, unsupported."""
    descriptor = _in_memory(source) if isinstance(source, bytes) else _opened_path(source)
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise FingerprintError(
                ErrorCode.UNSUPPORTED, "this is no regular file: give a picture or a video"
            )
        if facts.st_size == 0:
            raise FingerprintError(ErrorCode.EMPTY, "the file has no bytes: get another copy of it")
        claimed = claim(os.pread(descriptor, HEAD_BYTES, 0))
        family = claimed.family if claimed else None
        most = VIDEO_SIZE_BYTES_MAX if family is Family.VIDEO else PICTURE_SIZE_BYTES_MAX
        if facts.st_size > most and family is not None:
            raise FingerprintError(
                ErrorCode.TOO_LARGE,
                f"the file has {facts.st_size} bytes; at most {most} are read of a {family}: make it smaller",
            )
        yield OpenSource(descriptor, family)
    finally:
        os.close(descriptor)


def _in_memory(data: bytes) -> int:
    """A nameless file in memory: what a child reads by descriptor needs no place on a disk."""
    descriptor = os.memfd_create("media", os.MFD_CLOEXEC)
    try:
        written = 0
        while written < len(data):
            written += os.write(descriptor, memoryview(data)[written:])
        os.lseek(descriptor, 0, os.SEEK_SET)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _opened_path(path: str | os.PathLike[str]) -> int:
    try:
        # A named pipe must not make us wait; a bytearray is no path, whatever os.open thinks.
        return os.open(os.fspath(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        raise FingerprintError(ErrorCode.NOT_FOUND, "there is no such file: check its path") from None
    except ValueError:
        raise FingerprintError(ErrorCode.NOT_FOUND, "a path cannot hold a null byte: check it") from None
    except OSError as trouble:
        raise FingerprintError(
            ErrorCode.NOT_FOUND, f"the file cannot be opened ({trouble.strerror}): check who may read it"
        ) from trouble
