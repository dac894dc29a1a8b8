"""Signed heads of the last pages, so that a replica can give the same pages to others while they are fresh."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

NAME = "heads.json"
KEPT_MAX = 64  # the newest; followers that keep up ask only for these, others are passed on to the feed


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The bytes of a page before its lines, and what is needed to choose it. Times are Unix seconds."""

    start: int
    size: int
    issued: int
    expires: int
    raw: bytes


def head_of(page: bytes, lines_bytes: int) -> SignedHead:
    """Of a page that was accepted."""
    raw = page[: len(page) - lines_bytes]
    told = json.loads(raw.split(b"\n", 2)[1])
    return SignedHead(told["start"], told["size"], told["issued"], told["expires"], raw)


class Heads:
    """The file of them. It may be lost: then pages are passed on."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._kept = _read(self._path)

    def keep(self, head: SignedHead, now: int) -> None:
        """In place of an older one from the same line, without those that have expired."""
        kept = [one for one in self._kept if one.start != head.start and one.expires > now]
        self._kept = [*kept, head][-KEPT_MAX:]

    def write(self) -> None:
        """Whole, but not synced. OSError."""
        told = [
            [one.start, one.size, one.issued, one.expires, base64.b64encode(one.raw).decode()]
            for one in self._kept
        ]
        beside = self._path.with_name(NAME + ".unfinished")
        beside.write_text(json.dumps(told), encoding="ascii")
        beside.replace(self._path)


def newest_from(folder: Path, start: int) -> SignedHead | None:
    """The newest kept head of a page from this line."""
    found = [one for one in _read(folder / NAME) if one.start == start]
    return max(found, key=lambda one: one.issued, default=None)


def _read(path: Path) -> list[SignedHead]:
    try:
        told = json.loads(path.read_bytes())
        return [
            SignedHead(int(start), int(size), int(issued), int(expires), base64.b64decode(raw))
            for start, size, issued, expires, raw in told
        ]
    except (OSError, ValueError, TypeError):
        return []
