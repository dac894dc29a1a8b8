"""Fingerprints as a table: a first row with the names of columns, then one fingerprint a row."""

import csv
import io
from collections.abc import Iterable, Iterator

from unseen.exchange.peers.record import Batch, PeerKind, PeerRecord, PeerTrouble, Reading, Reason

# Columns that we read: `pdq` or `value` is a must. Others are left alone.
_VALUE_COLUMNS = ("pdq", "value", "hash")
_KEY_COLUMNS = ("id", "entry")
_WRITTEN = ("id", "kind", "value", "quality", "state")
LINE_CHARACTERS_MAX = 4_096


def read(raw: bytes) -> Batch:
    """Raises PeerTrouble where there is no first row that names a column of fingerprints."""
    lines = raw.decode("utf-8-sig", "replace").splitlines()
    if not lines:
        raise PeerTrouble("the file is empty: give a first row with the names of columns, one of them pdq")
    names = [name.strip().lower() for name in _cells(lines[0]) or ()]
    column = next((names.index(name) for name in _VALUE_COLUMNS if name in names), None)
    if column is None:
        raise PeerTrouble(
            "the first row names no column pdq or value: add it, so that no other is mistaken for one"
        )
    reading = Reading()
    for line in lines[1:]:
        if line.strip():
            _row(reading, line, names, column)
    return reading.batch()


def _row(reading: Reading, line: str, names: list[str], column: int) -> None:
    raw = line.encode("utf-8", "replace")
    cells = _cells(line) if len(line) <= LINE_CHARACTERS_MAX else None
    if cells is None or len(cells) != len(names):
        reason = Reason.MALFORMED if len(line) <= LINE_CHARACTERS_MAX else Reason.OVERSIZED
        return reading.refuse(raw, "", reason)
    row = dict(zip(names, (cell.strip() for cell in cells), strict=True))
    value = row[names[column]]
    theirs = next((row[name] for name in _KEY_COLUMNS if row.get(name)), value)
    kind = _kind(row.get("kind", "pdq"))
    quality = _whole(row["quality"]) if row.get("quality") else None
    withdrawn = row.get("state") == "withdrawn"
    reading.take(raw, theirs, kind, value, withdrawn=withdrawn, quality=quality)
    return None


def write(records: Iterable[PeerRecord]) -> Iterator[bytes]:
    """The table, a line at a time."""
    yield _line(_WRITTEN)
    for each in records:
        state = "withdrawn" if each.withdrawn else "live"
        quality = "" if each.quality is None else str(each.quality)
        yield _line((each.theirs, each.kind, each.value.hex(), quality, state))


def _cells(line: str) -> list[str] | None:
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None


def _line(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()


def _kind(word: str) -> PeerKind | None:
    return PeerKind(word) if word in set(PeerKind) else None


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text
