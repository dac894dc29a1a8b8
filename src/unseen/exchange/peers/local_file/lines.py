"""The file of ThreatExchange's `local_file` exchange: a signal type, a space and a signal, one a line (its 1.2.17)."""

from collections.abc import Iterable, Iterator

from unseen.exchange.peers.record import (
    RECORD_BYTES_MAX,
    Batch,
    PeerKind,
    PeerRecord,
    Reading,
    Reason,
    sensible_kind,
)

_KINDS = (("pdq", PeerKind.PDQ), ("sha256", PeerKind.SHA256))
_NAMES = {PeerKind.PDQ: "pdq", PeerKind.SHA256: "sha256"}


def read(raw: bytes) -> Batch:
    """A line of one word is read as PDQ, as the client does where its configuration says so."""
    reading = Reading()
    for line in raw.split(b"\n"):
        if not line.strip():
            continue
        if len(line) > RECORD_BYTES_MAX:
            reading.refuse(line, "", Reason.OVERSIZED)
            continue
        words = line.decode("utf-8", "replace").strip().split(" ")
        word, signal = ("pdq", words[0]) if len(words) == 1 else (words[0], " ".join(words[1:]))
        reading.take(line, signal, sensible_kind(word, _KINDS), signal)
    return reading.batch()


def write(records: Iterable[PeerRecord]) -> Iterator[bytes]:
    """Only what lives: this file has no word for a withdrawal, so whoever reads it takes the whole file anew each time."""
    for each in records:
        if not each.withdrawn:
            yield f"{_NAMES[each.kind]} {each.value.hex()}\n".encode()
