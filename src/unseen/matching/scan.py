"""Exact search by brute force: every query against every row, as 64-bit words, in pieces that stay in the cache."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_PIECE_ROWS = 1 << 15  # 32,768 rows: two word columns and two buffers of bytes fit the second-level cache
WORDS = 4


@dataclass(frozen=True, slots=True)
class Hits:
    """Parallel arrays, one element a hit, ordered by query, distance, id: int64, uint64, uint16."""

    query: NDArray[np.int64]
    id: NDArray[np.uint64]
    distance_bits: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.query)


NO_HITS = Hits(np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.uint16))


def unpacked(found: bytearray) -> Hits:
    """What the kernels answer: all queries (8 bytes each), all ids (8), all distances (2)."""
    count = len(found) // 18
    if not count:
        return NO_HITS
    return Hits(
        np.frombuffer(found, np.int64, count),
        np.frombuffer(found, np.uint64, count, 8 * count),
        np.frombuffer(found, np.uint16, count, 16 * count),
    )


def columns(rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """uint8[N,32] as four columns of words, uint64[4,N]: a search that stops after two columns reads half."""
    return np.ascontiguousarray(np.ascontiguousarray(rows).view(np.uint64).T)


def scan(
    bank: NDArray[np.uint64], ids: NDArray[np.uint64], queries: NDArray[np.uint8], radius_bits: int
) -> Hits:
    """Every (query, row) within `radius_bits`. `bank`: uint64[4,N] of `columns`; `queries`: uint8[Q,32]."""
    words = np.ascontiguousarray(queries).view(np.uint64)
    found = [NO_HITS]
    for first in range(0, bank.shape[1], _PIECE_ROWS):
        piece = bank[:, first : first + _PIECE_ROWS]
        for number, query in enumerate(words):
            near, distances = _near(piece, query, radius_bits)
            if near.size:
                found.append(Hits(np.full(near.size, number, np.int64), ids[near + first], distances))
    return merged(found)


def merged(found: Sequence[Hits]) -> Hits:
    """Hits of several pieces in the one order."""
    query = np.concatenate([each.query for each in found])
    ids = np.concatenate([each.id for each in found])
    distances = np.concatenate([each.distance_bits for each in found])
    order = np.lexsort((ids, distances, query))
    return Hits(query[order], ids[order], distances[order])


def _near(
    piece: NDArray[np.uint64], query: NDArray[np.uint64], radius_bits: int
) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
    """Rows within the radius. Half of the bits already rule out nearly all rows, and never a near one."""
    half = np.bitwise_count(piece[0] ^ query[0])
    half += np.bitwise_count(piece[1] ^ query[1])
    near = np.flatnonzero(half <= radius_bits)
    rest = np.bitwise_count(piece[2:, near] ^ query[2:, None]).astype(np.uint16)
    distances = half[near] + rest.sum(axis=0, dtype=np.uint16)
    inside = distances <= radius_bits
    return near[inside], distances[inside]
