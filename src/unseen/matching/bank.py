"""A bank of fingerprints: a folder of checked files, searched exactly. One writer at a time, any number of readers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from unseen.domain.limits import RADIUS_BITS
from unseen.matching import compact, files, index, wal
from unseen.matching.files import BankError, Ids, Manifest, Part, Rows
from unseen.matching.loaded import Loaded, StaleError, load
from unseen.matching.scan import Hits
from unseen.native import kernels

_RECENT_ROWS_MAX = (
    4096  # in the write-ahead file: compared one by one in 2 microseconds; more become a file of their own
)
_PARTS_MAX = (
    16  # merging doubles the files' sizes from 4,096 rows on, so only a merge that lags behind leaves more
)
_READ_AGAIN_MAX = 5  # a writer may merge parts away between reading the manifest and reading them


@dataclass(frozen=True, slots=True)
class Verified:
    """What a full check read: rows that a search can find, files and their bytes."""

    rows: int
    files: int
    size_bytes: int


class Bank:
    """Open one with `Bank.open`. An id names one material and may have many rows (its variants)."""

    def __init__(self, folder: Path, layout: str) -> None:
        self._folder = folder
        self._layout = layout
        self._distrusted: set[str] = set()
        self._loaded: Loaded | None = None
        self._merging: Thread | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str], layout: str = "fast") -> "Bank":
        """Open the bank at `path`, made if absent. `layout` of indexes to be made: `fast` (256 bytes a row) or `small`
        (48 to 64). Raises BankError where the folder is something else or damaged.
        """
        if layout not in index.LAYOUTS:
            raise ValueError(f"layout is {layout!r}: give one of {', '.join(index.LAYOUTS)}")
        bank = cls(Path(path), layout)
        try:
            bank._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not (bank._folder / files.MANIFEST).exists():
                bank._check_no_other_files()  # before the lock leaves a file there
                with files.write_lock(bank._folder):
                    bank._make_if_new()
        except OSError as trouble:
            raise BankError(
                f"{path} cannot be a bank's folder ({trouble.strerror}): choose another"
            ) from None
        bank._current()
        return bank

    def add(self, hashes: NDArray[np.uint8], ids: NDArray[np.uint64], more_comes: bool = False) -> None:
        """Add rows (uint8[N,32]) under ids (uint64[N], repeats allowed). On the disk for good when it returns. `more_comes`: leave
        merging files to a later call, so that a long load merges once.
        """
        rows = _checked_rows(hashes)
        named = _checked_ids(ids)
        if len(rows) != len(named):
            raise ValueError(f"{len(rows)} hashes but {len(named)} ids: give one id a row")
        if not len(rows):
            return
        with files.write_lock(self._folder):
            manifest = files.read_manifest(self._folder)
            recent = wal.read(self._folder / manifest.wal) if manifest.wal else None
            held = len(recent.ids) if recent else 0
            if manifest.wal and recent and held + len(named) <= _RECENT_ROWS_MAX:
                wal.append(self._folder / manifest.wal, recent, named, rows)
                return
            with self._written(manifest):
                if held + len(named) <= _RECENT_ROWS_MAX:
                    manifest.wal = self._write_recent(manifest, named, rows)
                    return
                if recent:
                    named, rows = np.concatenate([recent.ids, named]), np.concatenate([recent.rows, rows])
                manifest.parts.append(self._write(manifest, named, rows))
                manifest.wal = None
        if not more_comes or len(manifest.parts) > _PARTS_MAX:
            self._merge_behind(manifest)

    def remove(self, ids: NDArray[np.uint64]) -> None:
        """Remove every row of these ids (unknown ones are fine). Their files are rewritten at once, not marked:
        what a person withdrew does not stay on the disk.
        """
        removed = np.unique(_checked_ids(ids))
        with files.write_lock(self._folder):
            compact.forget(self._folder)
            manifest = files.read_manifest(self._folder)
            with self._written(manifest):
                kept = [self._kept(manifest, part, removed) for part in manifest.parts]
                manifest.parts[:] = [part for part in kept if part is not None]
                manifest.wal = self._recent_kept(manifest, removed)

    def compact(self) -> None:
        """Merge small files now, as otherwise a thread does beside the work; returns when none is left to merge."""
        compact.settle(self._folder, self._layout, wait=True)

    def warm(self) -> None:
        """Read and check all that a search can need before the first one needs it; tables are copied into memory of this
        process, where look-ups are about twice as quick as in a map. Raises BankError.
        """
        for _ in range(_READ_AGAIN_MAX):
            with suppress(StaleError):
                return self._current().warm()
            self._loaded = None
        raise self._always_damaged()

    def search(self, queries: NDArray[np.uint8], radius_bits: int = RADIUS_BITS) -> Hits:
        """Every row within `radius_bits` (0 to 256) of each query (uint8[Q,32]); an id with two near rows comes twice."""
        with suppress(StaleError, FileNotFoundError):
            found = self._loaded.search(queries, radius_bits) if self._loaded else None
            if found is not None:
                return found
        whole: object = radius_bits  # callers in a notebook are not checked by mypy
        if not isinstance(whole, int | np.integer) or not 0 <= radius_bits <= 256:
            raise ValueError(f"radius_bits is {radius_bits!r}: give a whole number, 0 to 256")
        rows = _checked_rows(queries)
        for _ in range(_READ_AGAIN_MAX):
            with suppress(StaleError):  # an index was damaged: it is made again, or its file scanned
                return self._current().search_as_is(rows, int(radius_bits))
            self._loaded = None
        raise self._always_damaged()

    def verify(self) -> Verified:
        """Read every byte again and compare with the manifest. Raises BankError at the first fault of a bank file; a
        damaged index is made again.
        """
        self._loaded = None
        if not self._current().verify():
            self._loaded = None
            self._current()
        manifest = files.read_manifest(self._folder)
        named = [part.file for part in manifest.parts] + ([manifest.wal] if manifest.wal else [])
        size = sum((self._folder / name).stat().st_size for name in named)
        return Verified(self._current().count, len(named), size)

    def ids(self) -> Ids:
        """The ids that have rows, each once, in order."""
        return self._current().ids()

    def __len__(self) -> int:
        """The number of rows."""
        return self._current().count

    def _always_damaged(self) -> BankError:
        return BankError(f"an index in {self._folder} is damaged each time it is made: check the disk")

    def _make_if_new(self) -> None:
        if not (self._folder / files.MANIFEST).exists():
            self._check_no_other_files()
            files.write_manifest(self._folder, Manifest([], 1))

    def _check_no_other_files(self) -> None:
        """A folder without a manifest may hold what a stopped first write left, and nothing else."""
        names = {path.name for path in self._folder.iterdir()} - files.BEFORE_THE_FIRST_MANIFEST
        if (self._folder / files.MANIFEST).exists():
            return  # another process made the bank meanwhile
        if any(name.endswith(".bank") for name in names):
            raise BankError(
                f"{self._folder / files.MANIFEST} is missing: restore the bank folder from a backup"
            )
        if names:
            raise BankError(f"{self._folder} holds other files and no bank: choose a new or empty folder")

    def _current(self) -> Loaded:
        """The newest written state; reads only what was written since the last look."""
        for attempt in range(_READ_AGAIN_MAX):
            try:
                held = self._loaded
                if held is None or not held.is_newest():
                    held = self._loaded = load(self._folder, self._layout, self._distrusted, held)
                return held
            except FileNotFoundError as missing:
                if attempt + 1 == _READ_AGAIN_MAX:
                    raise BankError(
                        f"{missing.filename} is missing: restore the bank folder from a backup"
                    ) from None
            except OSError as trouble:
                raise BankError(
                    f"{trouble.filename} cannot be read ({trouble.strerror}): check its rights and the disk"
                ) from None
        raise AssertionError("unreachable")

    @contextmanager
    def _written(self, manifest: Manifest) -> Iterator[None]:
        """The manifest is written when the block ends well; only then do files that it left out go."""
        files.drop_leftovers(self._folder, files.read_manifest(self._folder))
        yield
        files.write_manifest(self._folder, manifest)
        files.drop_leftovers(self._folder, manifest)

    def _write(self, manifest: Manifest, ids: Ids, rows: Rows) -> Part:
        part = files.write_part(self._folder, manifest.take_name(".bank"), ids, rows)
        native = kernels()
        if native and part.count >= index.INDEX_ROWS_MIN:
            with suppress(OSError):  # it is derived: the rows are safe, and a reader makes it or scans
                index.write(native, self._folder, part, self._layout)
        return part

    def _write_recent(self, manifest: Manifest, ids: Ids, rows: Rows) -> str:
        name = manifest.take_name(wal.SUFFIX)
        wal.create(self._folder / name, ids, rows)
        return name

    def _merge_behind(self, manifest: Manifest) -> None:
        """Merge in a thread; wait for it where it lags behind what is added."""
        if not compact.due(manifest.parts):
            return
        if len(manifest.parts) > _PARTS_MAX:
            self.compact()
        elif self._merging is None or not self._merging.is_alive():
            settle = (self._folder, self._layout, False)
            self._merging = Thread(target=compact.settle, args=settle, name="merge bank files", daemon=True)
            self._merging.start()

    def _kept(self, manifest: Manifest, part: Part, removed: Ids) -> Part | None:
        """The part without these ids: itself, a new file, or nothing."""
        ids, rows = files.read_part(self._folder, part)
        stays = ~np.isin(ids, removed)
        if stays.all():
            return part
        return self._write(manifest, ids[stays], rows[stays]) if stays.any() else None

    def _recent_kept(self, manifest: Manifest, removed: Ids) -> str | None:
        """The write-ahead file without these ids: itself, a new one, or none."""
        if manifest.wal is None:
            return None
        recent = wal.read(self._folder / manifest.wal)
        stays = ~np.isin(recent.ids, removed)
        if stays.all():
            return manifest.wal
        return self._write_recent(manifest, recent.ids[stays], recent.rows[stays]) if stays.any() else None


def _checked_rows(rows: object) -> Rows:
    if not isinstance(rows, np.ndarray) or rows.dtype != np.uint8 or rows.shape[1:] != (files.ROW_BYTES,):
        raise ValueError(
            f"fingerprints must be a NumPy array uint8[N, 32], one row each; this is {_shape_of(rows)}"
        )
    return np.ascontiguousarray(rows)


def _checked_ids(ids: object) -> Ids:
    if not isinstance(ids, np.ndarray) or ids.dtype != np.uint64 or ids.ndim != 1:
        raise ValueError(f"ids must be a NumPy array uint64[N]; this is {_shape_of(ids)}")
    return ids


def _shape_of(given: object) -> str:
    return f"{given.dtype}{list(given.shape)}" if isinstance(given, np.ndarray) else type(given).__name__
