"""Exact search by brute force: every query against every row, as 64-bit words, in pieces that stay in the cache."""

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


def columns(rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """uint8[N,32] as four columns of words, uint64[4,N]: a search that stops after two columns reads half."""
    return np.ascontiguousarray(np.ascontiguousarray(rows).view(np.uint64).T)


def scan(
    bank: NDArray[np.uint64], ids: NDArray[np.uint64], queries: NDArray[np.uint8], radius_bits: int
) -> Hits:
    """Every (query, row) within `radius_bits`. `bank`: uint64[4,N] of `columns`; `queries`: uint8[Q,32]."""
    words = np.ascontiguousarray(queries).view(np.uint64)
    query_parts, row_parts, distance_parts = [], [], []
    for first in range(0, bank.shape[1], _PIECE_ROWS):
        piece = bank[:, first : first + _PIECE_ROWS]
        for number, query in enumerate(words):
            near, distances = _near(piece, query, radius_bits)
            if near.size:
                query_parts.append(np.full(near.size, number, np.int64))
                row_parts.append(near + first)
                distance_parts.append(distances)
    if not row_parts:
        return Hits(np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.uint16))
    query_of, row_of = np.concatenate(query_parts), np.concatenate(row_parts)
    distance_of = np.concatenate(distance_parts)
    order = np.lexsort((ids[row_of], distance_of, query_of))
    return Hits(query_of[order], ids[row_of][order], distance_of[order].astype(np.uint16))


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
