"""The engines side by side, each built from the same rows with the settings that its makers would choose."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from threatexchange.signal_type.pdq.pdq_index import PDQIndex
from usearch.index import Index as Usearch

from unseen.matching import Bank

RADIUS_BITS = 31
HNSW_ENTRIES_MAX = 100_000  # a million takes minutes to build and recalls less
MULTIHASH_ENTRIES_MAX = 10_000_000
THREATEXCHANGE_ENTRIES_MAX = 1_000_000  # a Python object an entry


@dataclass(frozen=True)
class Engine:
    """`one`: search a batch of queries. `near`: the pairs (query, row) within the radius that it finds."""

    name: str
    exact: bool
    one: Callable[[np.ndarray], object]
    near: Callable[[np.ndarray], set[tuple[int, int]]]
    build_s: float
    bytes_an_entry: float


def build(rows: np.ndarray, folder: Path) -> Iterator[Engine]:
    """The first is exact."""
    yield flat(rows)
    for layout in ("fast", "small"):
        yield unseen(rows, folder / layout, layout)
    if 1 < len(rows) <= MULTIHASH_ENTRIES_MAX:
        yield multihash(rows)
    if 1 < len(rows) <= THREATEXCHANGE_ENTRIES_MAX:
        yield threatexchange(rows)
    if 1 < len(rows) <= HNSW_ENTRIES_MAX:
        yield hnsw(rows)
        yield usearch(rows)


def unseen(rows: np.ndarray, folder: Path, layout: str) -> Engine:
    begun = time.perf_counter()
    Bank.open(folder, layout=layout).add(rows, np.arange(len(rows), dtype=np.uint64))
    built = time.perf_counter() - begun
    bank = Bank.open(folder, layout=layout)
    bank.warm()
    size = sum(path.stat().st_size for path in folder.iterdir())

    def near(queries: np.ndarray) -> set[tuple[int, int]]:
        hits = bank.search(queries, RADIUS_BITS)
        return set(zip(hits.query.tolist(), hits.id.tolist(), strict=True))

    return Engine(f"unseen {layout}", True, bank.search, near, built, size / len(rows))


def flat(rows: np.ndarray) -> Engine:
    return _ranged("faiss flat", faiss.IndexBinaryFlat(256), rows, 32)


def multihash(rows: np.ndarray) -> Engine:
    index = faiss.IndexBinaryMultiHash(256, 16, 16)
    index.nflip = 1
    return _ranged("faiss multi-hash", index, rows, 0)


def _ranged(name: str, index: "faiss.IndexBinary", rows: np.ndarray, bytes_an_entry: float) -> Engine:
    faiss.omp_set_num_threads(1)
    begun = time.perf_counter()
    index.add(rows)
    built = time.perf_counter() - begun

    def one(queries: np.ndarray) -> object:
        return index.range_search(queries, RADIUS_BITS + 1)  # faiss leaves the radius itself out

    def near(queries: np.ndarray) -> set[tuple[int, int]]:
        limits, _, found = one(queries)
        return {(q, int(row)) for q in range(len(queries)) for row in found[limits[q] : limits[q + 1]]}

    return Engine(name, True, one, near, built, bytes_an_entry)


def threatexchange(rows: np.ndarray) -> Engine:
    begun = time.perf_counter()
    index = PDQIndex((row.tobytes().hex(), number) for number, row in enumerate(rows))
    built = time.perf_counter() - begun

    def one(queries: np.ndarray) -> list[object]:
        return [index.query(query.tobytes().hex()) for query in queries]

    def near(queries: np.ndarray) -> set[tuple[int, int]]:
        return {(q, match.metadata) for q, found in enumerate(one(queries)) for match in found}

    return Engine("threatexchange", True, one, near, built, 0)


def hnsw(rows: np.ndarray) -> Engine:
    begun = time.perf_counter()
    index = faiss.IndexBinaryHNSW(256, 16)
    index.hnsw.efSearch = 64
    index.add(rows)
    built = time.perf_counter() - begun

    def near(queries: np.ndarray) -> set[tuple[int, int]]:
        distances, found = index.search(queries, 10)
        where = np.argwhere(distances <= RADIUS_BITS)
        return {(int(q), int(found[q, at])) for q, at in where}

    return Engine("faiss HNSW", False, lambda queries: index.search(queries, 10), near, built, 0)


def usearch(rows: np.ndarray) -> Engine:
    begun = time.perf_counter()
    index = Usearch(ndim=256, metric="hamming", dtype="b1")
    index.add(np.arange(len(rows)), rows, threads=1)
    built = time.perf_counter() - begun

    def near(queries: np.ndarray) -> set[tuple[int, int]]:
        pairs = set()
        for number, query in enumerate(queries):
            matches = index.search(query, 10, threads=1)
            pairs |= {
                (number, int(key))
                for key, apart in zip(matches.keys, matches.distances, strict=True)
                if apart <= RADIUS_BITS
            }
        return pairs

    return Engine("usearch HNSW", False, lambda queries: index.search(queries, 10, threads=1), near, built, 0)
