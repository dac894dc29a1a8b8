"""PDQ and its quality in NumPy: the bits of the C++ reference, at the cost of one pass over the pixels.

Source of the method: facebook/ThreatExchange, hashing/hashing.pdf. Two box blurs a direction followed by sampling at
64 x 64 points are one linear operator A(64xH) . luma . B(Wx64). Where rounding of the reference could decide a bit,
`reference.py` repeats its float32 steps in order; `uncertain` says when.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from unseen.native import kernels

Floats = NDArray[np.float32]
Luma = Callable[[int, int], Floats]  # rows [first, last) of the picture's luma, float32[last-first, W]

SIDE = 64
SIDE_PIXELS_MIN = 5  # the reference answers an empty fingerprint of quality 0 below it
_STRIP_ROWS = 96  # measured: strips of about 100 rows stay in the second-level cache


@dataclass(frozen=True, slots=True)
class Drift:
    """How far sums may lie from the true value at a side of 1,000 pixels: in a coefficient, in a step of the quality.

    It grows with the square root of the side.
    """

    bit: float
    step: float

    def at(self, side: int) -> tuple[float, float]:
        grown: float = max(1.0, side / 1000) ** 0.5
        return self.bit * grown, self.step * grown


# The reference's running float32 sums. Largest seen on 355 pictures: 0.006 in a coefficient (99 % below 0.003), 0.0005 in
# a step.
REFERENCE = Drift(1e-2, 1.5e-3)
# Samples from whole weights (`plane.py`): every kernel has the same, so only an exact tie is left to the reference's order.
WHOLE = Drift(1e-9, -1.0)


@dataclass(frozen=True, slots=True)
class Pdq:
    """32 bytes (most significant coefficient first, as the reference prints them) and quality 0 to 100."""

    value: bytes
    quality: int


EMPTY = Pdq(bytes(32), 0)


@dataclass(frozen=True, slots=True)
class Sampling:
    """One direction's operator: `weights` float32[64, n]; output i reads only pixels [first[i], last[i])."""

    weights: Floats
    first: NDArray[np.intp]
    last: NDArray[np.intp]


@lru_cache(maxsize=256)
def sampling(length: int) -> Sampling:
    """Two box filters over `length` pixels, read at 64 centres, as one matrix."""
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    ahead = (window + 2) // 2 - 1
    centre = np.arange(length)
    low = np.maximum(0, centre - (window - 1 - ahead))
    high = np.minimum(length - 1, centre + ahead) + 1
    weight = 1.0 / (high - low)
    points = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.intp)
    steps = np.zeros((SIDE, length + 1))
    for row, point in enumerate(points):
        inner = np.arange(low[point], high[point])
        np.add.at(steps[row], low[inner], weight[point] * weight[inner])
        np.add.at(steps[row], high[inner], -weight[point] * weight[inner])
    weights = np.cumsum(steps, axis=1)[:, :length].astype(np.float32)
    return Sampling(weights, low[low[points]], high[high[points] - 1])


def rows_blurred(luma: Luma, top: int, bottom: int) -> Floats:
    """A . luma for the rows [top, bottom): float32[64, W], read strip by strip so that memory stays small."""
    vertical = sampling(bottom - top)
    together = max(1, min(SIDE, _STRIP_ROWS * SIDE // (bottom - top)))
    parts = []
    for start in range(0, SIDE, together):
        stop = min(SIDE, start + together)
        first, last = int(vertical.first[start]), int(vertical.last[stop - 1])
        strip = luma(top + first, top + last)
        parts.append(vertical.weights[start:stop, first:last] @ strip)
    return np.concatenate(parts)


def sampled(blurred: Floats, left: int, right: int, mirrored: bool = False) -> Floats:
    """(A . luma) . B for the columns [left, right), as float32[64, 64]; `mirrored` reads them from right to left."""
    part = blurred[:, left:right]
    samples: Floats = (part[:, ::-1] if mirrored else part) @ sampling(right - left).weights.T
    return samples


@lru_cache(maxsize=1)
def dct_matrix() -> Floats:
    """Frequencies 1 to 16 of a 64-point DCT (Zauner 2010), rounded to float32 as the reference does."""
    frequency = np.arange(1, 17)[:, None]
    place = 2 * np.arange(SIDE)[None, :] + 1
    scale = float(np.float32(np.sqrt(2.0 / SIDE)))
    matrix: Floats = (scale * np.cos(np.pi / 2.0 / SIDE * frequency * place)).astype(np.float32)
    return matrix


def spectrum(samples: Floats) -> NDArray[np.float64]:
    """The 16 x 16 lowest frequencies but the constant one."""
    matrix = dct_matrix().astype(np.float64)
    return matrix @ samples.astype(np.float64) @ matrix.T


def bits(coefficients: NDArray[np.floating]) -> bytes:
    """One bit a coefficient: above the (lower) median of the 256. Packed with the last coefficient first."""
    flat = coefficients.ravel()
    median = np.partition(flat, 127)[127]
    return np.packbits((flat > median)[::-1]).tobytes()


def quality(samples: Floats) -> int:
    """The reference's gradient count on the 64 x 64 samples, 0 to 100; whole steps only, so flat areas count nothing."""
    return min(100, int(sum(np.abs(steps).sum() for steps in _whole_steps(samples))) // 90)


def _whole_steps(samples: Floats) -> list[NDArray[np.int32]]:
    return [np.trunc(exact).astype(np.int32) for exact in _steps(samples)]


def _steps(samples: Floats) -> list[Floats]:
    hundred, white = np.float32(100), np.float32(255)
    down = (samples[:-1] - samples[1:]) * hundred / white
    across = (samples[:, :-1] - samples[:, 1:]) * hundred / white
    return [down, across]


def judged(samples: Floats, side: int, drift: Drift) -> tuple[Pdq, bool]:
    """Bits and quality of float32[64,64] samples, and whether sums that drift so far are sure to give the same."""
    native = kernels()
    if native is not None:
        value, grade, certain = native.verdict(samples, *drift.at(side))
        return Pdq(value, grade), certain
    coefficients = spectrum(samples)
    return Pdq(bits(coefficients), quality(samples)), not uncertain(samples, coefficients, side, drift)


def uncertain(
    samples: Floats, coefficients: NDArray[np.floating], side: int, drift: Drift = REFERENCE
) -> bool:
    """Whether sums that drift so far could give another bit or another quality than these values.

    The bits depend only on which 128 coefficients are the larger ones, so only on the gap at the median.
    `side`: the picture's longer side in pixels.
    """
    bit, step = drift.at(side)
    lower, upper = np.partition(coefficients.ravel(), (127, 128))[127:129]
    if upper - lower <= 2 * bit:
        return True
    total, doubtful = 0, 0
    for exact in _steps(samples):
        nearest = np.rint(exact)
        doubtful += int(((np.abs(exact - nearest) <= step) & (nearest != 0)).sum())
        total += int(np.abs(np.trunc(exact)).sum())
    return min(100, (total - doubtful) // 90) != min(100, (total + doubtful) // 90)


def dihedral(coefficients: NDArray[np.floating]) -> dict[str, bytes]:
    """The eight turned and mirrored fingerprints by sign changes in the spectrum, named as the reference names them."""
    odd = np.where(np.arange(16) % 2 == 1, 1.0, -1.0)
    by_column, by_row = coefficients * odd[None, :], coefficients * odd[:, None]
    both = coefficients * odd[:, None] * odd[None, :]
    forms = {
        "original": coefficients,
        "rotate90": by_column.T,
        "rotate180": both,
        "rotate270": by_row.T,
        "flipx": by_row,
        "flipy": by_column,
        "flipplus1": coefficients.T,
        "flipminus1": both.T,
    }
    return {name: bits(form) for name, form in forms.items()}
