"""A bank as one process holds it: rows in memory for NumPy, or files and indexes mapped for the kernels."""

import os
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Protocol

import numpy as np

from unseen.matching import files, index
from unseen.matching.files import Ids, Part, Rows
from unseen.matching.scan import Hits, columns, scan
from unseen.native import kernels

_NO_SUMS = np.empty(0, np.uint8)


class Loaded(Protocol):
    """One consistent state: what the manifest said when it was read."""

    count: int

    def search(self, queries: Rows, radius_bits: int) -> Hits | None:
        """All hits; None where an index is damaged and this state must be loaded again. Raises BankError."""

    def ids(self) -> Ids:
        """The ids that have rows, each once, in order."""

    def verify(self) -> bool:
        """Read every byte that a search can use; False where an index is damaged. Raises BankError."""


def load(folder: Path, layout: str, distrusted: set[str]) -> Loaded:
    """Read or map what the manifest names. `distrusted`: names of indexes found damaged. Raises BankError, OSError."""
    native = kernels()
    if native is None:
        return _InMemory(folder)
    return _Mapped(native, folder, layout, distrusted)


class _InMemory:
    """All rows, checked when they were read."""

    def __init__(self, folder: Path) -> None:
        read = [files.read_part(folder, part) for part in files.read_manifest(folder).parts]
        self._ids = np.concatenate([np.empty(0, np.uint64), *(ids for ids, _ in read)])
        rows = [np.empty((0, files.ROW_BYTES), np.uint8), *(rows for _, rows in read)]
        self._words = columns(np.concatenate(rows))
        self.count = len(self._ids)

    def search(self, queries: Rows, radius_bits: int) -> Hits | None:
        return scan(self._words, self._ids, queries, radius_bits)

    def ids(self) -> Ids:
        return np.unique(self._ids)

    def verify(self) -> bool:
        return True


class _Mapped:
    """A segment a file: small ones read and checked whole, large ones mapped with their index and checked by block."""

    def __init__(self, native: ModuleType, folder: Path, layout: str, distrusted: set[str]) -> None:
        self._native = native
        self._folder = folder
        self._layout = layout
        self._distrusted = distrusted
        self._threads = len(os.sched_getaffinity(0))
        self._parts = files.read_manifest(folder).parts
        self.count = sum(part.count for part in self._parts)
        self._files: list[index.Bytes] = []
        self._segments = [self._segment(part) for part in self._parts]

    def search(self, queries: Rows, radius_bits: int) -> Hits | None:
        try:
            return Hits(*self._native.search(self._segments, queries, radius_bits, self._threads))
        except self._native.Damaged as trouble:
            path = Path(str(trouble))
            if path.suffix != index.SUFFIX:
                raise files.damaged(path) from None
            self._distrusted.add(path.name)
            return None

    def ids(self) -> Ids:
        return self._distinct_ids

    def verify(self) -> bool:
        for part, data in zip(self._parts, self._files, strict=True):
            index.check_file(self._folder, part, data)
            path = index.path_of(self._folder, part)
            found = index.read(self._native, self._folder, part) if path.exists() else None
            if found and not index.is_whole(self._native, found):
                self._distrusted.add(path.name)
        return self._distrusted.isdisjoint(index.path_of(self._folder, part).name for part in self._parts)

    @cached_property
    def _distinct_ids(self) -> Ids:
        ids = [np.empty(0, np.uint64)]
        for part, data in zip(self._parts, self._files, strict=True):
            index.check_file(self._folder, part, data)
            ids.append(data[files.HEAD_BYTES : files.HEAD_BYTES + 8 * part.count].view("<u8"))
        return np.unique(np.concatenate(ids))

    def _segment(self, part: Part) -> object:
        path = str(self._folder / part.file)
        found = self._index(part) if part.count >= index.INDEX_ROWS_MIN else None
        if found is None:
            data = np.frombuffer(files.read_whole(self._folder, part), np.uint8)
            self._files.append(data)
            return self._native.Segment(data, part.count, _NO_SUMS, path)
        data = index.mapped(self._folder / part.file)
        if len(data) != index.file_size(part.count):
            raise files.damaged(self._folder / part.file)
        self._files.append(data)
        segment = self._native.Segment(data, part.count, found.file_sums, path)
        where = str(index.path_of(self._folder, part))
        segment.set_index(found.body, found.scheme, found.entry_bytes, found.body_sums, where)
        return segment

    def _index(self, part: Part) -> index.Index | None:
        """The index, made if it is missing or damaged; None where that cannot be done now."""
        name = index.path_of(self._folder, part).name
        found = None if name in self._distrusted else index.read(self._native, self._folder, part)
        if found is None:
            with suppress(OSError, files.BankError), files.write_lock(self._folder, wait=False):
                if part in files.read_manifest(self._folder).parts:  # else its rows may have been withdrawn
                    index.write(self._native, self._folder, part, self._layout)
                    self._distrusted.discard(name)
                    found = index.read(self._native, self._folder, part)
        return found
