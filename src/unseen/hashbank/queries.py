"""Search of the hash bank: exact, every entry within the radius (promise 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from unseen.domain.fingerprint import Fingerprint
from unseen.domain.limits import RADIUS_BITS
from unseen.domain.match import Match, nearest
from unseen.hashbank.models import BankEntry
from unseen.matching import Bank


@dataclass(frozen=True, slots=True)
class BankVersion:
    """Changes whenever the bank gains an entry; media that was searched before then is searched again."""

    newest_entry: int


def version() -> BankVersion:
    """The present version of the bank."""
    newest = BankEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return BankVersion(newest or 0)


def search(fingerprints: Sequence[Fingerprint]) -> tuple[Match, ...]:
    """The materials that any of these fingerprints matches, nearest first. Low quality matches nothing."""
    queries = [fingerprint.pdq for fingerprint in fingerprints if fingerprint.searchable]
    if not queries:
        return ()
    hits = _bank(settings.UNSEEN.data_dir / "bank").search(
        np.frombuffer(b"".join(queries), dtype=np.uint8).reshape(-1, 32), radius_bits=RADIUS_BITS
    )
    living = BankEntry.objects.filter(removed_at__isnull=True).in_bulk({int(found) for found in hits.id})
    return nearest(
        Match(str(living[int(found)].material_id), int(bits), living[int(found)].variant)
        for found, bits in zip(hits.id, hits.distance_bits, strict=True)
        if int(found) in living
    )


@lru_cache(maxsize=2)
def _bank(folder: Path) -> Bank:
    return Bank.open(folder)
