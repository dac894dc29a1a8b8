"""Each instruction set, layout and scheme gives what the NumPy scan gives, which test_search_equals_brute_force judges."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from unseen.matching.scan import columns, scan, unpacked

pytestmark = pytest.mark.slow  # every kernel at every radius

Rows = NDArray[np.uint8]
NEVER_SCAN = 1e9  # else the tables would hardly be used with rows as few as these
NONE = np.empty(0, np.uint8)
kinds = pytest.mark.parametrize("kind", [(0, 0), (1, 16), (1, 3), (1, 4), (2, 16), (2, 3)], ids=str)


def segment(native: ModuleType, rows: Rows, kind: tuple[int, int]) -> object:
    """A segment of rows with ids 0, 1, 2, ...; `kind`: scheme and bytes an entry, (0, 0) without an index."""
    ids = np.arange(len(rows), dtype=np.uint64)
    file = np.concatenate([np.zeros(64, np.uint8), ids.view(np.uint8), rows.ravel()])
    made = native.Segment(file, len(rows), NONE, "rows")
    if kind != (0, 0):
        body = np.zeros(native.body_bytes(len(rows), *kind), np.uint8)
        native.build(len(rows), *kind, rows, body)
        made.set_index(body, *kind, NONE, "index")
    return made


def check(
    native: ModuleType, made: object, rows: Rows, queries: Rows, radius_bits: int, threads: int = 1
) -> int:
    expected = scan(columns(rows), np.arange(len(rows), dtype=np.uint64), queries, radius_bits)
    for scan_price in (1.0, NEVER_SCAN):
        found = unpacked(native.search([made], queries, radius_bits, threads, scan_price))
        assert found.query.tolist() == expected.query.tolist()
        assert found.id.tolist() == expected.id.tolist()
        assert found.distance_bits.tolist() == expected.distance_bits.tolist()
    return len(expected)


def flipped(random: np.random.Generator, row: Rows, distance: int) -> Rows:
    bits = np.unpackbits(row)
    bits[random.choice(256, distance, replace=False)] ^= 1
    return np.packbits(bits)


@kinds
def test_every_radius_on_random_rows_with_planted_neighbours(
    compiled: ModuleType, kind: tuple[int, int]
) -> None:
    random = np.random.default_rng(2)
    rows = random.integers(0, 256, (12_000, 32), np.uint8)
    queries = random.integers(0, 256, (66, 32), np.uint8)
    for distance, query in enumerate(queries):
        rows[random.integers(len(rows))] = flipped(random, query, distance)
    made = segment(compiled, rows, kind)
    for radius_bits in range(65):
        assert (
            check(compiled, made, rows, queries, radius_bits) >= radius_bits - 2
        )  # a plant may fall on another


@kinds
def test_real_fingerprints_that_lean_together(
    compiled: ModuleType, kind: tuple[int, int], crops: Rows
) -> None:
    made = segment(compiled, crops, kind)
    hits = sum(
        check(compiled, made, crops, crops[::7], radius_bits) for radius_bits in (0, 15, 31, 47, 64, 256)
    )
    assert hits > 3 * len(crops)


@kinds
def test_duplicates_come_as_often_as_they_are(compiled: ModuleType, kind: tuple[int, int]) -> None:
    random = np.random.default_rng(3)
    rows = np.concatenate([np.repeat(random.integers(0, 256, (2, 32), np.uint8), 20_000, axis=0)])
    made = segment(compiled, rows, kind)
    assert check(compiled, made, rows, rows[::39_999], 31) == 40_000


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 9])
@kinds
def test_a_handful_of_rows(compiled: ModuleType, kind: tuple[int, int], count: int) -> None:
    rows = np.random.default_rng(count).integers(0, 256, (count, 32), np.uint8)
    made = segment(compiled, rows, kind)
    queries = np.concatenate([rows, 255 - rows, np.zeros((1, 32), np.uint8)])
    for radius_bits in (0, 31, 64, 128, 255, 256):
        check(compiled, made, rows, queries, radius_bits)


@pytest.mark.parametrize("kind", [(1, 16), (2, 16)], ids=str)
def test_a_batch_over_threads_keeps_its_order(
    compiled: ModuleType, kind: tuple[int, int], crops: Rows
) -> None:
    made = segment(compiled, crops, kind)
    queries = np.concatenate([crops, 255 - crops])
    assert check(compiled, made, crops, queries, 31, threads=3) >= len(crops)


@pytest.fixture(scope="module")
def built(compiled: ModuleType, crops: Rows) -> list[object]:
    """Built once: the tables of an index of 40 rows are as large as those of a million."""
    return [segment(compiled, crops[:40], kind) for kind in ((1, 16), (1, 3), (2, 16))]


neighbours = st.lists(st.tuples(st.integers(0, 39), st.lists(st.integers(0, 255), max_size=70)), max_size=8)


@settings(max_examples=40, deadline=None)
@given(neighbours, st.integers(0, 64))
def test_errors_wherever_they_lie_are_within_reach(
    compiled: ModuleType,
    built: list[object],
    crops: Rows,
    changes: list[tuple[int, list[int]]],
    radius_bits: int,
) -> None:
    rows = crops[:40]
    queries = np.repeat(rows[:1], len(changes), axis=0)
    for number, (row, places) in enumerate(changes):
        bits = np.unpackbits(rows[row])
        for place in places:
            bits[place] ^= 1
        queries[number] = np.packbits(bits)
    for made in built:
        check(compiled, made, rows, queries, radius_bits)
