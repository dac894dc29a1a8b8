"""Looks through files for what should not be in them any more, in every spelling that a file may keep it in."""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path


def files_below(*folders: Path) -> list[Path]:
    """Every file in these folders, however deep."""
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def remains(needles: Iterable[bytes], files: Iterable[Path]) -> set[str]:
    """Which of these stand in any of the files, as bytes, as hex, in UTF-16 or inside a base64 text."""
    content = b"\n".join(path.read_bytes() for path in files)
    return {
        needle.decode("latin-1") for needle in needles if any(one in content for one in _spellings(needle))
    }


def _spellings(needle: bytes) -> Iterator[bytes]:
    yield needle
    yield needle.hex().encode()
    yield needle.hex().upper().encode()
    text = needle.decode("latin-1")
    yield from (text.encode("utf-16-le"), text.encode("utf-16-be"))
    for shift in range(3):  # base64 of a text that holds it anywhere: the middle groups are the same
        whole = base64.b64encode(b"\0" * shift + needle).rstrip(b"=")
        yield whole[4 * bool(shift) : len(whole) // 4 * 4]
