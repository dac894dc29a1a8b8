"""Promise 6 on the living bank: the folder holds what the rows say, and its search equals brute force."""

from datetime import datetime
from itertools import islice

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from unseen.domain.limits import RADIUS_BITS
from unseen.hashbank.models import BankEntry
from unseen.keys.queries import warmed
from unseen.matching import Bank
from unseen.matching.files import BankError
from unseen.statistics.promise import Verdict, named, verdict

SAMPLE_ROWS = 40  # brute force over a million rows takes about a second for these
_BITS_SET = np.array([value.bit_count() for value in range(256)], dtype=np.uint16)

Rows = NDArray[np.uint8]


def search_misses_nothing(now: datetime) -> Verdict:
    """Rows that the folder does not show yet are due work and left out."""
    shown = BankEntry.objects.filter(in_folder=True, removed_at__isnull=True)
    entries = {entry.pk: entry.pdq for entry in warmed(shown.select_related("material"))}
    folder = settings.UNSEEN.data_dir / "bank"
    if not entries and not folder.is_dir():
        return Verdict(holds=True, evidence="the bank is empty")
    try:
        bank = Bank.open(folder)
        held = {int(one) for one in bank.ids()}
    except BankError as error:
        return Verdict(holds=False, evidence=str(error))
    due = set(BankEntry.objects.filter(in_folder=False).values_list("pk", flat=True))
    faults = named("bank entries that the folder lacks", sorted(entries.keys() - held))
    faults += named("ids in the folder that are no bank entry", sorted(held - entries.keys() - due))
    ids = np.fromiter(entries, dtype=np.uint64, count=len(entries))
    rows = np.frombuffer(b"".join(entries.values()), dtype=np.uint8).reshape(-1, 32)
    queries = _sample(rows)
    if len(queries) and not faults and not due:
        hits = bank.search(queries, radius_bits=RADIUS_BITS)
        found = set(zip(hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True))
        if found != _by_brute_force(queries, rows, ids):
            faults.append(f"search differs from brute force on a sample of {len(queries)}")
    good = f"{len(entries)} bank entries in the folder, {len(due)} due; equal to brute force on {len(queries)} queries"
    return verdict(good, faults)


def _sample(rows: Rows) -> Rows:
    """Entries spread over the bank, each also with some of its bits turned, at the radius and just outside."""
    picked = list(islice(rows, 0, None, max(1, len(rows) // SAMPLE_ROWS)))[:SAMPLE_ROWS]
    chance = np.random.default_rng(seed=len(rows))
    queries = [*picked]
    for number, row in enumerate(picked):
        bits = np.unpackbits(row)
        turned = chance.choice(256, size=RADIUS_BITS + number % 2, replace=False)
        bits[turned] ^= 1
        queries.append(np.packbits(bits))
    return np.array(queries, dtype=np.uint8).reshape(-1, 32)


def _by_brute_force(queries: Rows, rows: Rows, ids: NDArray[np.uint64]) -> set[tuple[int, int, int]]:
    """Every (query, id, distance in bits) within the radius, counted byte by byte and without the bank's code."""
    found: set[tuple[int, int, int]] = set()
    for number, query in enumerate(queries):
        distances = _BITS_SET[rows ^ query].sum(axis=1)
        for at in np.flatnonzero(distances <= RADIUS_BITS):
            found.add((number, int(ids[at]), int(distances[at])))
    return found
