"""Reads of what peers gave us: it is searched as a bank of its own, and every answer says whose it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Count, QuerySet, Sum

from unseen.domain.limits import RADIUS_BITS
from unseen.exchange.peers.models import PeerEntry, PeerSource, Quarantined
from unseen.exchange.peers.record import PeerKind
from unseen.matching import Bank


@dataclass(frozen=True, slots=True)
class PeerMatch:
    """Which of the fingerprints asked for is near which entry of which peer."""

    query: int
    source: str
    theirs: str
    distance_bits: int


def search(pdqs: Sequence[bytes], radius_bits: int = RADIUS_BITS) -> list[PeerMatch]:
    """Every peer's entry near these fingerprints of 32 bytes, nearest first."""
    if not pdqs:
        return []
    hits = _bank(settings.UNSEEN.data_dir / "peers").search(
        np.frombuffer(b"".join(pdqs), dtype=np.uint8).reshape(-1, 32), radius_bits=radius_bits
    )
    living = PeerEntry.objects.filter(withdrawn=False).select_related("source")
    rows = living.in_bulk({int(found) for found in hits.id})
    found = [
        PeerMatch(int(query), rows[int(entry)].source.name, rows[int(entry)].theirs, int(bits))
        for query, entry, bits in zip(hits.query, hits.id, hits.distance_bits, strict=True)
        if int(entry) in rows
    ]
    return sorted(found, key=lambda match: (match.query, match.distance_bits))


def not_in_folder() -> QuerySet[PeerEntry]:
    """Entries whose present state the folder does not hold."""
    return PeerEntry.objects.filter(in_folder=False).order_by("id")


def folder_lacks_rows() -> bool:
    """Whether entries that the folder should hold are not in it. Raises BankError when it cannot be read."""
    shown = PeerEntry.objects.filter(in_folder=True, withdrawn=False, kind=PeerKind.PDQ)
    held = {int(one) for one in _bank(settings.UNSEEN.data_dir / "peers").ids()}
    return any(one not in held for one in shown.values_list("id", flat=True).iterator(chunk_size=5_000))


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a command shows of one peer's list."""

    name: str
    live: int
    withdrawn: int
    passed_over: int
    held_back: int
    quarantined: dict[str, int]  # by reason, how many records


def states() -> Iterator[SourceState]:
    """Of each peer that gave us anything."""
    for source in PeerSource.objects.order_by("name"):
        counts = dict(source.entries.values_list("withdrawn").annotate(rows=Count("pk")).order_by())
        aside = (
            Quarantined.objects.filter(source=source)
            .values_list("reason")
            .annotate(times=Sum("count"))
            .order_by()
        )
        yield SourceState(
            source.name,
            counts.get(False, 0),
            counts.get(True, 0),
            source.passed_over,
            source.held_back,
            dict(aside),
        )


@lru_cache(maxsize=2)
def _bank(folder: Path) -> Bank:
    return Bank.open(folder)
