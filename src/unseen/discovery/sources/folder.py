"""A folder on this machine, or a single file: every file in it, in the order of their names."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from unseen.discovery.sources.found import Found, Reach, SourceError, read_file, trouble

# Deeper than any real archive; a stop for a file system that contains itself.
DEPTH_MAX = 64


def read(source: str, reach: Reach | None = None) -> Iterator[Found]:
    """Every regular file below `source`; what a symbolic link points to is left out. Raises SourceError."""
    top = Path(source)
    if top.is_file():
        yield Found(str(top), partial(read_file, top), path=top)
        return
    if not source or not top.is_dir():  # an empty text would mean the current folder
        raise SourceError("not_found", f"'{source}' is neither a file nor a folder; check how it is written.")
    yield from _walk(top, 0)


def _walk(folder: Path, depth: int) -> Iterator[Found]:
    try:
        with os.scandir(folder) as rows:
            entries = sorted(rows, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield trouble(
            str(folder), "unreadable", f"{folder} cannot be opened ({error.strerror}); check its rights."
        )
        return
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if depth < DEPTH_MAX:
                yield from _walk(path, depth + 1)
            else:
                yield trouble(
                    str(path), "too_deep", f"{path} lies deeper than {DEPTH_MAX} folders; scan it by itself."
                )
        elif entry.is_file(follow_symlinks=False):
            yield Found(str(path), partial(read_file, path), path=path)
