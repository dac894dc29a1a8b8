"""Search of the hash bank: exact, every entry within the radius (promise 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Max, Min

from unseen.domain.fingerprint import Fingerprint
from unseen.domain.limits import RADIUS_BITS
from unseen.domain.match import Match, nearest
from unseen.domain.report import AgeBand
from unseen.hashbank.models import BankEntry
from unseen.matching import Bank
from unseen.matching.films import FilmQuery
from unseen.matching.labelled import Form, explained


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
    """The materials that these fingerprints match, nearest first: any of a picture, several in order of a film.

    Low quality matches nothing.
    """
    usable = [fingerprint for fingerprint in fingerprints if fingerprint.searchable]
    if not usable:
        return ()
    hits = _bank(settings.UNSEEN.data_dir / "bank").search(
        np.frombuffer(b"".join(each.pdq for each in usable), dtype=np.uint8).reshape(-1, 32),
        radius_bits=RADIUS_BITS,
    )
    # A match leads to loading suspected media: a minor's is never looked for, and unknown counts as a minor.
    searched = BankEntry.objects.filter(
        removed_at__isnull=True,
        material__report__withdrawn_at__isnull=True,
        material__report__age_band=AgeBand.ADULT,
    )
    living = searched.in_bulk({int(found) for found in hits.id})
    by_material: dict[str, list[_Hit]] = {}
    for query, found, bits in zip(
        hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True
    ):
        if found in living:
            by_material.setdefault(str(living[found].material_id), []).append((query, living[found], bits))
    return nearest(
        Match(material, bits, explained(entry.variant, usable[query].variant))
        for material, of_material in by_material.items()
        if _is_no_chance(usable, of_material)
        for query, entry, bits in of_material
    )


_Hit = tuple[int, BankEntry, int]  # number of the query, the entry, bits apart


def _is_no_chance(asked: Sequence[Fingerprint], hits: Sequence[_Hit]) -> bool:
    """Film against film: the frames must follow each other in both. With a still picture on one side one hit is enough."""
    if asked[0].at_s is None or any(entry.at_s is None for _, entry, _ in hits):
        return True
    ends = BankEntry.objects.filter(material_id=hits[0][1].material_id).aggregate(Min("at_s"), Max("at_s"))
    film = FilmQuery([Form("frame", each.pdq.hex(), each.at_s) for each in asked])
    return bool(
        film.segments(
            np.array([query for query, _, _ in hits], np.int64),
            np.array([entry.at_s for _, entry, _ in hits], np.float64),
            np.array([bits for _, _, bits in hits], np.uint16),
            ends["at_s__max"] - ends["at_s__min"],
        )
    )


def nearby(pdqs: Sequence[bytes], radius_bits: int) -> list[tuple[int, int]]:
    """(number of the fingerprint, bank entry) of every living entry within the radius, whoever is shown."""
    if not pdqs:
        return []
    values = np.frombuffer(b"".join(pdqs), dtype=np.uint8).reshape(-1, 32)
    hits = _bank(settings.UNSEEN.data_dir / "bank").search(values, radius_bits=radius_bits)
    living = set(
        BankEntry.objects.filter(pk__in=hits.id.tolist(), removed_at__isnull=True).values_list(
            "pk", flat=True
        )
    )
    pairs = zip(hits.query.tolist(), hits.id.tolist(), strict=True)
    return [(query, entry) for query, entry in pairs if entry in living]


def folder_lacks_rows() -> bool:
    """Whether rows that the folder should hold are not in it. Raises BankError when it cannot be read."""
    shown = BankEntry.objects.filter(in_folder=True, removed_at__isnull=True).values_list("id", flat=True)
    held = {int(one) for one in _bank(settings.UNSEEN.data_dir / "bank").ids()}
    return any(one not in held for one in shown.iterator(chunk_size=5_000))


@lru_cache(maxsize=2)
def _bank(folder: Path) -> Bank:
    return Bank.open(folder)
