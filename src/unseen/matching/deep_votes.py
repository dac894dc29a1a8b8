"""From features that are near each other to the few originals, and places in them, that a query may show.

Each near pair votes for one original at one turn and zoom (weak geometry: Jégou, Douze and Schmid, ECCV 2008): patches
of the true original agree on both, chance pairs are spread over all. Only the best few are worth a fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint.deep_model import ANGLES, LocalFeatures, Query
from unseen.matching.geometry import Pairs
from unseen.matching.scan import Hits

Whole = NDArray[np.int64]

# An id of a feature: number of the original, then x and y (11 bits each), angle (8), size (7).
_X_AT, _Y_AT, _ANGLE_AT, _NUMBER_AT = 26, 15, 7, 37
NUMBER_MAX = (1 << (64 - _NUMBER_AT)) - 1
_SHARED_MAX = 20  # a patch like so many others says little: only its nearest pairs count
_TURN_STEP, _ZOOM_STEP = 32, 8  # an eighth of a full turn, one octave; half a step further is tried too
_ZOOM_RANGE = 256 // _ZOOM_STEP
_VOTES_MIN = 2.0
_PLACES_MAX = 10
_TYPICAL_BITS, _TYPICAL_SPREAD_BITS = 45.0, 8.0  # where chance pairs begin to outnumber true ones


@dataclass(frozen=True, slots=True)
class Place:
    """An original that the query (mirrored or not) may show, and the pairs that say so."""

    number: int
    mirrored: bool
    pairs: Pairs


def ids_of(number: int, features: LocalFeatures) -> NDArray[np.uint64]:
    """uint64[N]: what the search needs to know of each feature, without a look at any other file."""
    x, y, angle, size = features.point_table().astype(np.uint64).T
    packed: NDArray[np.uint64] = (
        np.uint64(number << _NUMBER_AT) | (x << _X_AT) | (y << _Y_AT) | (angle << _ANGLE_AT) | size
    )
    return packed


def numbers_of(ids: NDArray[np.uint64]) -> Whole:
    """The number of the original in each id: int64[N]."""
    return (ids >> np.uint64(_NUMBER_AT)).astype(np.int64)


def rows_of(query: Query) -> NDArray[np.uint8]:
    """What is searched with: the rows of the picture, then those of its mirror image."""
    return np.concatenate([query.plain.row_table(), query.mirror.row_table()])


def places(query: Query, hits: Hits) -> list[Place]:
    """The best few, most votes first."""
    rank = np.arange(len(hits)) - np.searchsorted(hits.query, hits.query)
    kept = rank < _SHARED_MAX
    asked, ids = hits.query[kept], hits.id[kept]
    shared = np.bincount(hits.query, minlength=len(query.plain) + len(query.mirror))[asked]
    weight = 1 / np.sqrt(shared)
    points = np.concatenate([query.plain.point_table(), query.mirror.point_table()]).astype(np.int64)[asked]
    there = _points_of(ids)
    turn, zoom = (there[:, 2] - points[:, 2]) % ANGLES, there[:, 3] - points[:, 3]
    group = numbers_of(ids) * 2 + (asked >= len(query.plain))
    nearness = weight / (1 + np.exp((hits.distance_bits[kept] - _TYPICAL_BITS) / _TYPICAL_SPREAD_BITS))
    made = []
    for each in _best_groups(group, turn, zoom, weight):
        of_it = np.flatnonzero(group == each)
        pairs = Pairs(
            points[of_it, :2].astype(np.float64),
            there[of_it, :2].astype(np.float64),
            np.asarray(turn[of_it] * (2 * np.pi / ANGLES)),
            zoom[of_it] / 8.0,
            np.asarray(nearness[of_it], np.float64),
        )
        made.append(Place(each // 2, each % 2 == 1, pairs))
    return made


def _points_of(ids: NDArray[np.uint64]) -> Whole:
    parts = [(ids >> np.uint64(at)) & np.uint64(most) for at, most in _FIELDS]
    return np.column_stack(parts).astype(np.int64)


_FIELDS = ((_X_AT, 2047), (_Y_AT, 2047), (_ANGLE_AT, 255), (0, 127))


def _best_groups(group: Whole, turn: Whole, zoom: Whole, weight: NDArray[np.float64]) -> list[int]:
    """Groups in the order of their best cell of turn and zoom."""
    cells, votes = np.unique(np.concatenate(list(_cells(group, turn, zoom))), return_inverse=True)
    counted = np.bincount(votes, weights=np.tile(weight, 4), minlength=len(cells))
    best: dict[int, None] = {}
    for cell in np.argsort(-counted, kind="stable").tolist():
        if counted[cell] < _VOTES_MIN or len(best) == _PLACES_MAX:
            break
        best.setdefault(int(cells[cell]) // _CELLS_A_GROUP)
    return list(best)


_TURNS = ANGLES // _TURN_STEP
_CELLS_A_GROUP = _TURNS * (_ZOOM_RANGE + 1) * 4


def _cells(group: Whole, turn: Whole, zoom: Whole) -> Iterator[Whole]:
    for shift in range(4):
        turned = (turn + shift % 2 * _TURN_STEP // 2) % ANGLES // _TURN_STEP
        zoomed = (zoom + 128 + shift // 2 * _ZOOM_STEP // 2) // _ZOOM_STEP
        yield (group * _TURNS + turned) * ((_ZOOM_RANGE + 1) * 4) + zoomed * 4 + shift
