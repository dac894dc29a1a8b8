"""A bank as one process holds it: rows in memory for NumPy, or files and indexes mapped for the kernels."""

import mmap
import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from unseen.matching import files, index, memory, wal
from unseen.matching.files import BankError, Bytes, Ids, Manifest, Part, Rows
from unseen.matching.scan import NO_HITS, Hits, columns, merged, scan, unpacked
from unseen.matching.wal import Recent
from unseen.native import kernels

_NO_SUMS = np.empty(0, np.uint8)
_COPY_AFTER = 16  # look-ups: a process that asks once does not read the whole index
_COPY_SHARE = (
    4  # a copy takes at most this part of what is free, so that many processes do not starve each other
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the folder said at one moment; `recent_file` is an open descriptor of the write-ahead file or -1. `held`
    keeps the manifest's inode from being given to a later one, which would then look like this one.
    """

    inode: int
    changed_ns: int
    size: int
    manifest: Manifest
    recent: Recent | None
    recent_file: int
    held: mmap.mmap | None


class Loaded(Protocol):
    """One consistent state."""

    count: int

    def search(self, queries: Rows, radius_bits: int) -> Hits | None:
        """All hits; None where another state was written or the arguments are not right. Raises BankError, Stale."""

    def search_as_is(self, queries: Rows, radius_bits: int) -> Hits:
        """All hits in this state, of arguments already checked. Raises BankError, Stale."""

    def is_newest(self) -> bool:
        """Whether nothing was written since."""

    def ids(self) -> Ids:
        """The ids that have rows, each once, in order."""

    def warm(self) -> None:
        """Read and check all that a search can need, into memory of this process where that makes it quicker."""

    def verify(self) -> bool:
        """Read every byte that a search can use; False where an index is damaged. Raises BankError."""


class StaleError(Exception):
    """An index was damaged: it is distrusted now, and the state must be loaded again."""


def look(folder: Path) -> Seen:
    """Read the manifest and the write-ahead file. Raises BankError, OSError."""
    descriptor = os.open(folder / files.MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
    try:
        facts = os.fstat(descriptor)
        held = mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) if facts.st_size else None
    finally:
        os.close(descriptor)
    manifest = files.read_manifest(folder)
    if manifest.wal is None:
        return Seen(facts.st_ino, facts.st_mtime_ns, facts.st_size, manifest, None, -1, held)
    descriptor = os.open(folder / manifest.wal, os.O_RDONLY | os.O_CLOEXEC)
    with ExitStack() as undone:
        undone.callback(os.close, descriptor)
        recent = wal.read(folder / manifest.wal, descriptor)
        undone.pop_all()
    return Seen(facts.st_ino, facts.st_mtime_ns, facts.st_size, manifest, recent, descriptor, held)


def load(folder: Path, layout: str, distrusted: set[str], before: Loaded | None) -> Loaded:
    """Read or map what the manifest names; files that `before` has are not read again. `distrusted`: names of indexes
    found damaged. Raises BankError, OSError.
    """
    native = kernels()
    seen = look(folder)
    if native is None:
        return _InMemory(folder, seen, before if isinstance(before, _InMemory) else None)
    return _Mapped(native, folder, layout, distrusted, seen, before if isinstance(before, _Mapped) else None)


class _InMemory:
    """All rows, checked when they were read."""

    def __init__(self, folder: Path, seen: Seen, before: "_InMemory | None") -> None:
        self._seen = seen
        self._manifest = folder / files.MANIFEST
        known = before.blocks if before else {}
        self.blocks: dict[Part, tuple[Ids, NDArray[np.uint64]]] = {}
        for part in seen.manifest.parts:
            if part not in known:
                ids, rows = files.read_part(folder, part)
                known[part] = ids, columns(rows)
            self.blocks[part] = known[part]
        self._all = list(self.blocks.values())
        if seen.recent is not None:
            self._all.append((seen.recent.ids, columns(seen.recent.rows)))
        self.count = sum(len(ids) for ids, _ in self._all)

    def __del__(self) -> None:
        if self._seen.recent_file >= 0:
            os.close(self._seen.recent_file)

    def search(self, queries: Rows, radius_bits: int) -> Hits | None:
        return None  # judging the arguments costs little beside a scan

    def search_as_is(self, queries: Rows, radius_bits: int) -> Hits:
        return merged([scan(words, ids, queries, radius_bits) for ids, words in self._all] or [NO_HITS])

    def is_newest(self) -> bool:
        seen = self._seen
        if seen.recent is not None and os.fstat(seen.recent_file).st_size != seen.recent.end:
            return False
        facts = self._manifest.stat()
        return (facts.st_ino, facts.st_mtime_ns, facts.st_size) == (seen.inode, seen.changed_ns, seen.size)

    def ids(self) -> Ids:
        return np.unique(np.concatenate([np.empty(0, np.uint64), *(ids for ids, _ in self._all)]))

    def warm(self) -> None:
        pass

    def verify(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class _File:
    """One file of rows as the kernels hold it."""

    data: Bytes
    segment: "Segment"
    index_name: str | None


class Segment(Protocol):
    """The kernels' segment."""

    def warm(self) -> None: ...


class _Mapped:
    """A segment a file: small ones read and checked whole, large ones mapped with their index and checked by block."""

    def __init__(
        self,
        native: ModuleType,
        folder: Path,
        layout: str,
        distrusted: set[str],
        seen: Seen,
        before: "_Mapped | None",
    ) -> None:
        self._native = native
        self._folder = folder
        self._layout = layout
        self._distrusted = distrusted
        self._threads = len(os.sched_getaffinity(0))
        self._seen = seen
        known = before.files if before else {}
        self.files: dict[Part, _File] = {}
        with ExitStack() as undone:
            if seen.recent_file >= 0:
                undone.callback(os.close, seen.recent_file)
            self.files |= {part: self._file(part, known.get(part)) for part in seen.manifest.parts}
            undone.pop_all()
        self._segments = [each.segment for each in self.files.values()]
        if seen.recent is not None and len(seen.recent.ids):
            self._segments.append(self._recent_segment(seen.recent))
        self.count = sum(part.count for part in self.files)
        self.count += len(seen.recent.ids) if seen.recent else 0
        end = seen.recent.end if seen.recent else 0
        manifest = str(folder / files.MANIFEST)
        self._view = native.View(
            list(self._segments), manifest, seen.inode, seen.changed_ns, seen.size, seen.recent_file, end
        )
        self.is_newest: Callable[[], bool] = self._view.is_newest

    def search(self, queries: Rows, radius_bits: int) -> Hits | None:
        try:
            found = self._view.search(queries, radius_bits, self._threads)
        except self._native.Damaged as trouble:
            raise self._judged(trouble) from None
        return None if found is None else unpacked(found)

    def search_as_is(self, queries: Rows, radius_bits: int) -> Hits:
        try:
            return unpacked(self._native.search(self._segments, queries, radius_bits, self._threads))
        except self._native.Damaged as trouble:
            raise self._judged(trouble) from None

    def ids(self) -> Ids:
        found = [np.empty(0, np.uint64)]
        for part, each in self.files.items():
            index.check_file(self._folder, part, each.data)
            found.append(each.data[files.HEAD_BYTES : files.HEAD_BYTES + 8 * part.count].view("<u8"))
        if self._seen.recent is not None:
            found.append(self._seen.recent.ids)
        return np.unique(np.concatenate(found))

    def warm(self) -> None:
        try:
            for each in self.files.values():
                each.segment.warm()
        except self._native.Damaged as trouble:
            raise self._judged(trouble) from None

    def verify(self) -> bool:
        whole = True
        for part, each in self.files.items():
            index.check_file(self._folder, part, each.data)
            path = index.path_of(self._folder, part)
            found = index.read(self._native, self._folder, part) if path.exists() else None
            if found and not index.is_whole(self._native, found):
                self._distrusted.add(path.name)
                whole = False
        return whole

    def _judged(self, trouble: Exception) -> Exception:
        path = Path(str(trouble))
        if path.suffix != index.SUFFIX:
            return files.damaged(path)
        self._distrusted.add(path.name)
        return StaleError()

    def _recent_segment(self, recent: Recent) -> Segment:
        pieces = [np.zeros(files.HEAD_BYTES, np.uint8), recent.ids.view(np.uint8), recent.rows.reshape(-1)]
        data = np.concatenate(pieces)
        made: Segment = self._native.Segment(data, len(recent.ids), _NO_SUMS, "recent rows")
        return made

    def _file(self, part: Part, known: _File | None) -> _File:
        if known is not None and known.index_name not in self._distrusted:
            return known
        path = self._folder / part.file
        found = self._index(part) if part.count >= index.INDEX_ROWS_MIN else None
        if found is None:
            data = np.frombuffer(files.read_whole(self._folder, part), np.uint8)
            return _File(data, self._native.Segment(data, part.count, _NO_SUMS, str(path)), None)
        data = index.mapped(path)
        if len(data) != index.file_size(part.count):
            raise files.damaged(path)
        segment = self._native.Segment(data, part.count, found.file_sums, str(path))
        where = index.path_of(self._folder, part)
        hot = len(found.body) + len(data)
        copy_after = _COPY_AFTER if _COPY_SHARE * hot <= memory.available_bytes() else 0
        segment.set_index(
            found.body, found.scheme, found.entry_bytes, found.body_sums, str(where), copy_after
        )
        return _File(data, segment, where.name)

    def _index(self, part: Part) -> index.Index | None:
        """The index, made if it is missing or damaged; None where that cannot be done now."""
        name = index.path_of(self._folder, part).name
        found = None if name in self._distrusted else index.read(self._native, self._folder, part)
        if found is None:
            with suppress(OSError, BankError), files.write_lock(self._folder, wait=False):
                if part in files.read_manifest(self._folder).parts:  # else its rows may have been withdrawn
                    index.write(self._native, self._folder, part, self._layout)
                    self._distrusted.discard(name)
                    found = index.read(self._native, self._folder, part)
        return found
