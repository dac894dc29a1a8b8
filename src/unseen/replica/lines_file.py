"""All lines of the feed in one file, in order: what the replica knows, and what it can give to others."""

import mmap
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from unseen.feed.lines import LINE, LINE_BYTES, OPEN_BYTES, Lines

NAME = "lines"
_NO_SALT = bytes(16)


class LinesFile:
    """Grows at its end; only values of withdrawn entries change, to the commitments that stand in their place. OSError."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def close(self) -> None:
        os.close(self._descriptor)

    def size(self) -> int:
        """Whole lines in the file."""
        return os.fstat(self._descriptor).st_size // LINE_BYTES

    def cut(self, size: int) -> None:
        """Forget what an unfinished change left after the first `size` lines."""
        os.ftruncate(self._descriptor, size * LINE_BYTES)

    def append(self, size: int, lines: Lines) -> None:
        """Write lines after the first `size`; on the disk for good when it returns."""
        at, left = size * LINE_BYTES, lines.view(np.uint8).data
        while left:
            written = os.pwrite(self._descriptor, left, at)
            at, left = at + written, left[written:]
        os.fsync(self._descriptor)

    def erase(self, commitments: Iterable[tuple[int, bytes]]) -> None:
        """Put commitments in the place of salts and values. Doing it twice does no harm."""
        commitments = list(commitments)
        if not commitments:
            return
        for sequence, commitment in commitments:
            os.pwrite(self._descriptor, _NO_SALT + commitment, sequence * LINE_BYTES + OPEN_BYTES)
        os.fsync(self._descriptor)


def mapped_lines(folder: Path, size: int) -> Lines:
    """The first `size` lines, read when touched; erased values show at once. OSError, ValueError where it is shorter."""
    if not size:
        return np.empty(0, LINE)
    descriptor = os.open(folder / NAME, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return np.frombuffer(mmap.mmap(descriptor, size * LINE_BYTES, prot=mmap.PROT_READ), LINE)
    finally:
        os.close(descriptor)


def raw_lines(folder: Path, start: int, size: int) -> bytes:
    """The bytes of lines `start` to `size`. OSError."""
    with (folder / NAME).open("rb") as file:
        file.seek(start * LINE_BYTES)
        return file.read((size - start) * LINE_BYTES)


def joined(pieces: Sequence[Lines]) -> Lines:
    """The same bytes in one array. NumPy's own way would turn the numbers into this machine's byte order."""
    raw = np.concatenate([np.ascontiguousarray(piece).view(np.uint8) for piece in pieces])
    return raw.view(LINE)


def values_of(lines: Lines) -> npt.NDArray[np.uint8]:
    """uint8[N,32]."""
    return np.ascontiguousarray(lines["value"]).view(np.uint8).reshape(len(lines), 32)
