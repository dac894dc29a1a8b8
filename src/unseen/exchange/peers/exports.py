"""What may be given to a peer now, whatever its interface: the live lines of its own list, with its own marks."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from unseen.domain.feed import EntryState
from unseen.exchange import queries
from unseen.exchange.models import FeedLine, Peer
from unseen.exchange.names import CANARIES, names_of
from unseen.exchange.peers.record import PeerKind, PeerRecord
from unseen.feed.lines import LINE, LineKind, LineOperation, Lines, erased

_LINES_AT_ONCE = 2_000
_KINDS = {
    LineKind.PDQ_IMAGE: PeerKind.PDQ,
    LineKind.PDQ_FRAME: PeerKind.PDQ,
    LineKind.SHA256: PeerKind.SHA256,
}


def size_of(peer: Peer) -> int:
    """How many lines the peer's list has."""
    last = FeedLine.objects.filter(peer=peer).order_by("-sequence").values_list("sequence", flat=True).first()
    return 0 if last is None else last + 1


def live(peer: Peer, now: datetime) -> Iterator[PeerRecord]:
    """All that may be matched now, each entry and part once."""
    told: set[str] = set()
    for start in range(0, size := size_of(peer), _LINES_AT_ONCE):
        for _, record in live_between(peer, start, min(start + _LINES_AT_ONCE, size), now):
            if record.theirs not in told:
                told.add(record.theirs)
                yield record


def live_between(peer: Peer, start: int, end: int, now: datetime) -> Iterator[tuple[int, PeerRecord]]:
    """Those of these lines that may be matched now, with their numbers. `theirs` is `ENTRY` or, for a frame, `ENTRY/PART`."""
    lines: Lines = np.frombuffer(queries.lines_of(peer, start, end), LINE)
    found = FeedLine.objects.filter(peer=peer, sequence__gte=start, sequence__lt=end)
    states = dict(found.values_list("sequence", "feed_entry__state"))
    # The canary that the list withdraws later is not given to interfaces that cannot withdraw one entry at a time.
    skipped, seconds = names_of(peer.secret, CANARIES)[1], now.timestamp()
    for line, emptied in zip(lines, erased(lines), strict=True):
        sequence, entry = int(line["sequence"]), bytes(line["entry"])
        ended = 0 < int(line["expires"]) <= seconds
        may = (
            states.get(sequence) in {EntryState.LIVE, None} and entry != skipped and not ended and not emptied
        )
        if line["operation"] == LineOperation.ADD and may:
            part = int(line["part"])
            name = f"{entry.hex()}/{part}" if part else entry.hex()
            kind = _KINDS[LineKind(int(line["kind"]))]
            yield sequence, PeerRecord(name, kind, bytes(line["value"]), quality=int(line["quality"]))
