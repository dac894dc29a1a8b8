"""Sources that are searched for copies: one file each, all of one shape, chosen by how the source is written."""

from collections.abc import Callable, Iterator
from pathlib import Path

from unseen.discovery.sources import folder, locations_list, object_store, telegram, web
from unseen.discovery.sources.found import Found, Reach, SourceError

__all__ = ["Found", "Reach", "SourceError", "files_in", "open_source"]


def open_source(text: str, reach: Reach | None = None) -> Iterator[Found]:
    """What the source written as `text` holds; nothing is read before the first step.

    `s3://…` is an object store, `http(s)://…` a site, a folder with result.json (or that file) a Telegram export,
    a `.txt` file a list of locations, any other file or folder itself. `reach` is needed for the web and lists.
    Raises SourceError while it is read.
    """
    return _reader_of(text)(text, reach)


def files_in(text: str) -> int | None:
    """How many things the source will yield, where a look at names alone tells: a folder or a file. Otherwise None."""
    try:
        return sum(1 for _ in folder.read(text)) if _reader_of(text) is folder.read else None
    except SourceError:
        return 1  # its error is one line


def _reader_of(text: str) -> Callable[[str, Reach | None], Iterator[Found]]:
    """The reader for how `text` is written. Raises SourceError."""
    scheme = text.partition("://")[0].lower() if "://" in text else ""
    if scheme in ("s3", "s3a"):
        return object_store.read
    if scheme:
        return web.read
    path = Path(text)
    try:
        path.stat()
    except FileNotFoundError:
        pass  # the reader below names it
    except OSError as error:
        cure = "check how it is written and its rights"
        raise SourceError("not_found", f"'{text}' cannot be opened ({error.strerror}); {cure}.") from None
    if path.name == telegram.RESULT_NAME or (path / telegram.RESULT_NAME).is_file():
        return telegram.read
    if path.suffix.lower() == ".txt" and path.is_file():
        return locations_list.read
    return folder.read
