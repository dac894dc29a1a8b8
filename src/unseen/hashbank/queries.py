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
from unseen.domain.report import AgeBand
from unseen.hashbank.models import BankEntry
from unseen.matching import Bank
from unseen.matching.labelled import explained


@dataclass(frozen=True, slots=True)
class BankVersion:
    """Every entry up to this one is searched for. It changes whenever the bank gains an entry, and what was
    searched under a lower one is searched again.
    """

    newest_entry: int


def version() -> BankVersion:
    """The present version of the bank. Entries that the folder does not show yet are not part of it."""
    waiting = BankEntry.objects.filter(in_folder=False, removed_at__isnull=True).order_by("id")
    first = waiting.values_list("id", flat=True).first()
    if first is not None:
        return BankVersion(first - 1)
    newest = BankEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return BankVersion(newest or 0)


def search(fingerprints: Sequence[Fingerprint]) -> tuple[Match, ...]:
    """The materials that any of these fingerprints matches, nearest first. Low quality matches nothing."""
    asked = [fingerprint for fingerprint in fingerprints if fingerprint.searchable]
    queries = [fingerprint.pdq for fingerprint in asked]
    if not queries:
        return ()
    hits = _bank(settings.UNSEEN.data_dir / "bank").search(
        np.frombuffer(b"".join(queries), dtype=np.uint8).reshape(-1, 32), radius_bits=RADIUS_BITS
    )
    # A match leads to loading suspected media: a minor's is never looked for, and unknown counts as a minor.
    searched = BankEntry.objects.filter(
        removed_at__isnull=True,
        material__report__withdrawn_at__isnull=True,
        material__report__age_band=AgeBand.ADULT,
    )
    living = searched.in_bulk({int(found) for found in hits.id})
    return nearest(
        Match(
            str(living[int(found)].material_id),
            int(bits),
            explained(living[int(found)].variant, asked[int(query)].variant),
        )
        for query, found, bits in zip(hits.query, hits.id, hits.distance_bits, strict=True)
        if int(found) in living
    )


def folder_lacks_rows() -> bool:
    """Whether rows that the folder should hold are not in it. Raises BankError when it cannot be read."""
    shown = BankEntry.objects.filter(in_folder=True, removed_at__isnull=True).values_list("id", flat=True)
    held = {int(one) for one in _bank(settings.UNSEEN.data_dir / "bank").ids()}
    return any(one not in held for one in shown.iterator(chunk_size=5_000))


@lru_cache(maxsize=2)
def _bank(folder: Path) -> Bank:
    return Bank.open(folder)
