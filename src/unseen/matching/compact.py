"""Merges small files of rows into larger ones beside the bank's work, so that a search visits few."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from unseen.matching import files, index
from unseen.matching.files import BankError, Part
from unseen.native import kernels

LOCK = "compact.lock"
# One process merges at a time; a writer that removes rows deletes both files, whoever fills them.
_ROWS = "merge.bank.unfinished"
_INDEX = "merge.index.unfinished"
_GROWTH = 2  # a file is merged with all newer ones once they hold half as many rows: few files, each row rewritten rarely


def due(parts: Sequence[Part]) -> list[Part]:
    """The newest parts that should be one; none where there is nothing to merge."""
    if len(parts) < 2:
        return []
    first = len(parts) - 1
    newer = parts[first].count
    while first > 0 and parts[first - 1].count <= _GROWTH * newer:
        first -= 1
        newer += parts[first].count
    return list(parts[first:]) if first < len(parts) - 1 else []


def settle(folder: Path, layout: str, wait: bool) -> None:
    """Merge until nothing is due. Where another process merges: wait for it, or leave it to it. What the disk refuses
    is left for the next time: the rows are safe as they are.
    """
    with suppress(BankError), files.write_lock(folder, LOCK, wait):
        while _merge(folder, layout):
            pass


def forget(folder: Path) -> None:
    """Delete what a merge has written so far; only under the write lock. A merge under way then ends without effect."""
    for name in (_ROWS, _INDEX):
        (folder / name).unlink(missing_ok=True)


def _merge(folder: Path, layout: str) -> bool:
    """One merge, done while others may write. False where none was due or the bank changed too much meanwhile."""
    with files.write_lock(folder):
        forget(folder)
        chosen = due(files.read_manifest(folder).parts)
        if not chosen:
            return False
        # Names are made only under the lock, so that none appears after a removal deleted them.
        opened = [
            os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for name in (_ROWS, _INDEX)
        ]
    try:
        merged = _filled(folder, layout, chosen, opened)
        return _put_in_place(folder, chosen, merged)
    finally:
        with files.write_lock(folder):
            forget(folder)


def _filled(folder: Path, layout: str, chosen: Sequence[Part], opened: list[int]) -> Part:
    try:
        read = [files.read_part(folder, part) for part in chosen]
        digest = files.fill_part(opened.pop(0), [ids for ids, _ in read], [rows for _, rows in read])
        merged = Part(_ROWS, sum(part.count for part in chosen), digest)
        native = kernels()
        if native is not None and merged.count >= index.INDEX_ROWS_MIN:
            index.fill(native, opened.pop(0), folder / _ROWS, merged, layout)
        return merged
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _put_in_place(folder: Path, chosen: list[Part], merged: Part) -> bool:
    """Make the merged file count, where its parts are still as they were."""
    with files.write_lock(folder):
        manifest = files.read_manifest(folder)
        places = [at for at in range(len(manifest.parts)) if manifest.parts[at : at + len(chosen)] == chosen]
        if not places or not (folder / _ROWS).exists():
            return False
        part = Part(manifest.take_name(".bank"), merged.count, merged.sha256)
        if (folder / _INDEX).stat().st_size:
            (folder / _INDEX).replace(index.path_of(folder, part))
        (folder / _ROWS).replace(folder / part.file)
        files.sync_folder(folder)
        manifest.parts[places[0] : places[0] + len(chosen)] = [part]
        files.write_manifest(folder, manifest)
        files.drop_leftovers(folder, manifest)
        return True
