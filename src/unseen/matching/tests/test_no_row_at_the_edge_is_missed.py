"""Rows exactly at the radius whose errors are spread so that one substring alone can find them; one error more, and none."""

from itertools import chain, pairwise
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from unseen.matching.scan import unpacked

pytestmark = pytest.mark.thorough

Rows = NDArray[np.uint8]
NEVER_SCAN = 1e9
NONE = np.empty(0, np.uint8)
WIDTHS = {1: [16] * 16, 2: [22] * 8 + [20] * 4}


def places() -> list[int]:
    """Where each bit goes, as docs/bank-format.md says: Fisher-Yates with splitmix64 of seed 1."""
    order, state, mask = list(range(256)), 1, 2**64 - 1
    for at in range(255, 0, -1):
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & mask
        other = (mixed ^ mixed >> 31) % (at + 1)
        order[at], order[other] = order[other], order[at]
    return order


def substrings(scheme: int) -> list[list[int]]:
    """The bits of the fingerprint, lowest of the first byte first, that make up each substring."""
    bit_at = {place: bit for bit, place in enumerate(places())}
    starts = np.cumsum([0, *WIDTHS[scheme]])
    return [[bit_at[place] for place in range(a, b)] for a, b in pairwise(starts)]


def flipped(row: Rows, bits: list[int]) -> Rows:
    made = np.unpackbits(row, bitorder="little")
    made[bits] ^= 1
    return np.packbits(made, bitorder="little")


def segment(native: ModuleType, rows: Rows, kind: tuple[int, int]) -> object:
    ids = np.arange(len(rows), dtype=np.uint64)
    file = np.concatenate([np.zeros(64, np.uint8), ids.view(np.uint8), rows.ravel()])
    made = native.Segment(file, len(rows), NONE, "rows")
    body = np.zeros(native.body_bytes(len(rows), *kind), np.uint8)
    native.build(len(rows), *kind, rows, body)
    made.set_index(body, *kind, NONE, "index")
    return made


def errors(scheme: int, radius_bits: int) -> list[int]:
    """One error more in each substring than any fair share of `radius_bits` looks for: radius_bits + 1 in all."""
    count = len(WIDTHS[scheme])
    if scheme == 2 and radius_bits == 31:
        return [3] * 8 + [2] * 4
    total = radius_bits + 1
    return [total // count + (at < total % count) for at in range(count)]


@pytest.mark.parametrize("radius_bits", [0, 1, 7, 15, 16, 30, 31, 32, 40, 47, 64])
@pytest.mark.parametrize("kind", [(1, 16), (1, 3), (2, 16)], ids=str)
def test_all_at_the_radius_are_found_and_none_beyond(
    compiled: ModuleType, kind: tuple[int, int], radius_bits: int
) -> None:
    random = np.random.default_rng(radius_bits)
    parts = substrings(kind[0])
    query = random.integers(0, 256, 32, np.uint8)
    within, beyond = [], []
    for _ in range(8):
        counts = errors(kind[0], radius_bits)
        if radius_bits != 31:
            random.shuffle(counts)
        bits = [random.choice(part, n, replace=False).tolist() for part, n in zip(parts, counts, strict=True)]
        beyond.append(flipped(query, list(chain(*bits))))
        for weak in [at for at, each in enumerate(bits) if each]:  # one error less in this substring alone
            less = [each[1:] if at == weak else each for at, each in enumerate(bits)]
            within.append(flipped(query, list(chain(*less))))
    rows = np.stack(within + beyond)
    made = segment(compiled, rows, kind)
    hits = unpacked(compiled.search([made], query[None], radius_bits, 1, NEVER_SCAN))
    assert hits.id.tolist() == list(range(len(within)))
    assert set(hits.distance_bits.tolist()) <= {radius_bits}
    scanned = unpacked(compiled.search([made], query[None], radius_bits, 1, 0.0))
    assert scanned.id.tolist() == hits.id.tolist()
