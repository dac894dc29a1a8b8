"""Whose list a leaked list of fingerprints comes from: by the marks in it, and by the canaries."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from unseen.domain.limits import MARK_BITS, PDQ_BITS
from unseen.exchange.models import FeedLine, Peer
from unseen.exchange.names import CANARIES, canary_value, marked
from unseen.hashbank.models import BankEntry
from unseen.hashbank.queries import nearby
from unseen.keys import queries as keys

_MARKS = math.comb(PDQ_BITS, MARK_BITS)


@dataclass(frozen=True, slots=True)
class Trail:
    """What of a leaked list bears one peer's marks."""

    peer: Peer
    marks: int
    canaries: int

    @property
    def odds_digits(self) -> int:
        """Another list would show this by chance once in 10 to this power: each mark is one of 1.7e8."""
        return math.floor(
            self.marks * math.log10(_MARKS) + self.canaries * math.log10(math.comb(PDQ_BITS, 128))
        )


def trace(values: Sequence[bytes]) -> list[Trail]:
    """The peers whose marks or canaries these fingerprints bear, the surest first. A copy of ours without a mark names nobody."""
    leaked = list(dict.fromkeys(values))
    canaries: Counter[int] = Counter()
    peers = {peer.pk: peer for peer in Peer.objects.all()}
    for peer in peers.values():
        baits = {canary_value(peer.secret, number) for number in CANARIES}
        canaries[peer.pk] = len(baits.intersection(leaked))
    marks = Counter(_marking(peers, leaked))
    found = [Trail(peer, marks[pk], canaries[pk]) for pk, peer in peers.items() if marks[pk] or canaries[pk]]
    return sorted(found, key=lambda trail: -trail.odds_digits)


def _marking(peers: dict[int, Peer], leaked: Sequence[bytes]) -> Iterator[int]:
    """The peer of each leaked fingerprint that is one of ours with exactly that peer's mark."""
    near = nearby(leaked, MARK_BITS)
    rows = BankEntry.objects.select_related("material").in_bulk([entry for _, entry in near])
    keys.warm(rows.values())
    for query, entry in near:
        row = rows[entry]
        of_entry = Q(feed_entry__bank_entry=row) | Q(feed_entry__material=row.material, bank_entry=row)
        lines = FeedLine.objects.filter(of_entry, bank_entry=row).exclude(commitment=b"")
        for peer, name, part in {_place(line) for line in lines}:
            if marked(peers[peer].secret, name, part, row.pdq) == leaked[query]:
                yield peer


def _place(line: FeedLine) -> tuple[int, bytes, int]:
    opened = bytes(line.open)
    return line.peer_id, opened[8:24], int.from_bytes(opened[30:32], "big")
