"""An object store (`s3://bucket/prefix`) through fsspec, which is an extra: most centres need none."""

import importlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from unseen.discovery.sources.found import MEDIA_SIZE_BYTES_MAX, Found, Reach, SourceError

CURE = "pip install unseen[object-stores]"


def read(source: str, reach: Reach | None = None) -> Iterator[Found]:
    """Every object below `source`, in the order of their names. Raises SourceError.

    The store's address and keys come from the environment, as its own tools read them. Staff named the store, so
    it is reached directly and not through the guarded fetcher.
    """
    scheme, _, prefix = source.partition("://")
    if not prefix.strip("/"):
        raise SourceError("not_found", f"{source} names no bucket; write {scheme}://bucket/prefix.")
    store = _store(scheme, source)
    try:
        rows = store.find(prefix, detail=True)
    except (OSError, ValueError) as error:
        message = f"{source} cannot be listed ({type(error).__name__}); check its name and the keys."
        raise SourceError("unreadable", message) from error
    for name in sorted(rows):
        row = rows[name]
        size = int(row.get("size") or 0)
        if row.get("type") == "file":
            yield Found(f"{scheme}://{name}", partial(_open, store, scheme, name, size))


def _store(scheme: str, source: str) -> Any:
    try:
        return importlib.import_module("fsspec").filesystem(scheme)
    except ImportError as error:
        raise SourceError(
            "part_missing", f"{source} needs a part that is not installed; run: {CURE}"
        ) from error


def _open(store: Any, scheme: str, name: str, size: int) -> bytes:
    where = f"{scheme}://{name}"
    if size > MEDIA_SIZE_BYTES_MAX:
        raise SourceError(
            "too_large", f"{where} has {size} bytes, more than {MEDIA_SIZE_BYTES_MAX}; leave it out."
        )
    try:
        return bytes(store.cat_file(name))
    except FileNotFoundError:
        raise SourceError("not_found", f"{where} is no longer there; scan again.") from None
    except (OSError, ValueError) as error:
        raise SourceError(
            "unreadable", f"{where} cannot be read ({type(error).__name__}); try again."
        ) from error
