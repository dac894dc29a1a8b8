"""The 64 x 64 samples of PDQ straight from a plane of 8-bit luma, as a video decoder leaves it.

The operator of `pdq.sampling` in whole numbers: weights a row add up to 2^16, so that a sum of 8-bit luma stays below
2^24 and float32 holds it exactly. Any order of addition gives the same bits, in NumPy and in the kernels.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from unseen import native
from unseen.fingerprint.pdq import SIDE, Floats, sampling
from unseen.fingerprint.windows import whole_weights

Plane = NDArray[np.uint8]
Way = tuple[bool, bool, bool]

_BITS = 16
# Counter-clockwise, as `samples_of` takes them.
QUARTER_TURNS: tuple[Way, ...] = (
    (False, False, False),
    (False, True, True),
    (True, True, False),
    (True, False, True),
)
_BLOCK_SIDE_MAX = 16  # 16 x 16 x 255 still fits 16 bits


@dataclass(frozen=True, slots=True)
class Weights:
    """`values` float32[64, n] of whole numbers; output i reads pixels [first[i], last[i])."""

    values: Floats
    first: NDArray[np.int32]
    last: NDArray[np.int32]


@lru_cache(maxsize=64)
def weights(length: int, from_the_end: bool = False) -> Weights:
    """`pdq.sampling(length)` in steps of 2^-16, each row adding up to one; reversed for a side read from its end."""
    rows, exact = whole_weights(length, _BITS), sampling(length)
    first, last = exact.first, exact.last
    if from_the_end:
        rows, first, last = rows[:, ::-1], length - last, length - first
    return Weights(np.ascontiguousarray(rows, np.float32), first.astype(np.int32), last.astype(np.int32))


def samples_of(plane: Plane, way: Way = (False, False, False)) -> Floats:
    """float32[64, 64] in levels of luma of the righted picture.

    `plane`: uint8[H, W], at least 5 pixels a side; its rows may lie apart, the pixels of a row may not. `way`: whether the
    righted picture reads its rows backwards, its columns backwards, and then rows as columns.
    """
    kernels = native.kernels()
    if kernels:
        sampler = kernels.Sampler(*plane.shape, *way, whole=True)
        sampler.rows(plane)
        return cast("Floats", sampler.samples())
    rows_reversed, columns_reversed, swapped = way
    down = weights(plane.shape[0], rows_reversed)
    across = weights(plane.shape[1], columns_reversed)
    samples = (_sums(plane, down, across) / 2.0 ** (2 * _BITS)).astype(np.float32)
    return np.ascontiguousarray(samples.T) if swapped else samples


def _sums(plane: Plane, down: Weights, across: Weights) -> NDArray[np.float64]:
    blurred = np.empty((SIDE, plane.shape[1]), np.float32)
    for row, (first, last) in enumerate(zip(down.first, down.last, strict=True)):
        blurred[row] = down.values[row, first:last] @ plane[first:last].astype(np.float32)
    return blurred.astype(np.float64) @ across.values.astype(np.float64).T


def small(plane: Plane, side_pixels: int) -> Plane:
    """The means of square blocks, as large as leaves the shorter side at least `side_pixels`."""
    factor = min(plane.shape) // side_pixels
    if factor < 2:
        return plane
    height, width = plane.shape[0] // factor, plane.shape[1] // factor
    kept = plane[: height * factor, : width * factor]
    kind = np.uint16 if factor <= _BLOCK_SIDE_MAX else np.uint32
    rows = np.zeros((height, width * factor), kind)
    for row in range(factor):  # whole rows at a time: ten times as fast as one sum over both axes
        rows += kept[row::factor]
    blocks = np.zeros((height, width), kind)
    for column in range(factor):
        blocks += rows[:, column::factor]
    return np.asarray(blocks // factor**2, np.uint8)
