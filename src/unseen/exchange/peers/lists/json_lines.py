"""Fingerprints as JSON lines: one object a line, as `unseen fingerprint --json` prints them for pictures, or shorter."""

import json
from collections.abc import Iterable, Iterator

from unseen.exchange.peers.record import RECORD_BYTES_MAX, Batch, PeerKind, PeerRecord, Reading, Reason


def read(raw: bytes) -> Batch:
    """Every line that is no such object is put aside."""
    reading = Reading()
    for line in raw.split(b"\n"):
        if line.strip():
            _line(reading, line)
    return reading.batch()


def _line(reading: Reading, line: bytes) -> None:
    if len(line) > RECORD_BYTES_MAX:
        return reading.refuse(line, "", Reason.OVERSIZED)
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return reading.refuse(line, "", Reason.MALFORMED)
    if not isinstance(told, dict):
        return reading.refuse(line, "", Reason.MALFORMED)
    value = told.get("value", told.get("pdq"))
    word = told.get("kind", "pdq")
    if word == "image" and "pdq" in told:  # a line of `unseen fingerprint --json`
        value, word = told["pdq"], "pdq"
    theirs = told.get("id", value)
    if not isinstance(word, str):
        return reading.refuse(line, theirs, Reason.MALFORMED)
    kind = PeerKind(word) if word in set(PeerKind) else None
    withdrawn = told.get("state") == "withdrawn"
    reading.take(
        line, theirs, kind, value,
        withdrawn=withdrawn, quality=told.get("quality"), changed_at=told.get("changed_at", 0),
    )  # fmt: skip
    return None


def write(records: Iterable[PeerRecord]) -> Iterator[bytes]:
    """The objects, a line at a time."""
    for each in records:
        told = {"id": each.theirs, "kind": each.kind, "value": each.value.hex(), "quality": each.quality}
        told["state"] = "withdrawn" if each.withdrawn else "live"
        yield json.dumps(told, separators=(",", ":")).encode() + b"\n"
