"""PDQ of many boxes of one small plane in whole numbers, so that the C++ kernel and NumPy give the same bits.

The method is that of `pdq.py` (two box blurs, 64 x 64 points, 16 x 16 frequencies). Every step is a sum of products of
integers below 2^53 with a stated rounding, which float64 computes exactly in any order (so BLAS may add as it likes).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint import pdq
from unseen.native import kernels

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Boxes = NDArray[np.int32]

# Fraction bits. A level and a weight fit 16 bits each, so that a processor multiplies 32 pairs at once.
_LUMA_BITS, _WEIGHT_BITS = 7, 14
_SAMPLE_BITS, _COSINE_BITS, _COEFFICIENT_BITS = 15, 20, 8
_SHARE_BITS = 30  # of one pixel's share 1/n in the inner blur
_LENGTH_PIXELS_MAX = 1 << 16  # shares of one window still sum below 2^53 / 2^15


def spectra(luma: Floats, boxes: Boxes) -> tuple[Floats, NDArray[np.uint8]]:
    """The 16 x 16 coefficients (float32[N,16,16], multiples of 1/256) and the quality (uint8[N]) of each box.

    `luma`: float32[H,W], 0 to 255. `boxes`: int32[N,4] of left, top, right, bottom in pixels, inside the plane and at
    least 5 pixels a side. Raises ValueError.
    """
    luma = np.ascontiguousarray(luma, np.float32)
    boxes = np.ascontiguousarray(boxes, np.int32).reshape(-1, 4)
    _check(luma, boxes)
    native = kernels()
    if native is None:
        return _spectra(luma, boxes)
    made: tuple[Floats, NDArray[np.uint8]] = native.window_spectra(luma, boxes)
    return made


@dataclass(frozen=True, slots=True)
class Reduced:
    """How a direction of `length` pixels was reduced: to blocks of `block`, the first without its first `lead` pixels."""

    length: int
    block: int
    lead: int


def reduced_pdq(grey: NDArray[np.uint8], down: Reduced, across: Reduced) -> pdq.Pdq:
    """PDQ of a whole picture from its reduced luma, uint8[h,w]: the weights of its own size, summed over each block."""
    native = kernels()
    if native is not None:
        ways = [(way.length, way.block, way.lead) for way in (down, across)]
        coefficients, quality = native.reduced_spectrum(np.ascontiguousarray(grey), *ways)
    else:
        coefficients, quality = _reduced_spectrum(grey, down, across)
    return pdq.Pdq(bits_of(coefficients)[0].tobytes(), quality)


def bits_of(spectra: NDArray[np.floating]) -> NDArray[np.uint8]:
    """One bit a coefficient as in `pdq.bits`: float32[N,16,16] to uint8[N,32]."""
    flat = np.ascontiguousarray(spectra, np.float32).reshape(-1, 256)
    native = kernels()
    if native is not None:
        packed: NDArray[np.uint8] = native.spectrum_bits(flat)
        return packed
    median = np.partition(flat, 127, axis=1)[:, 127, None]
    return np.packbits((flat > median)[:, ::-1], axis=1)


def turned(spectra: Floats, name: str) -> Floats:
    """The spectra of the turned or mirrored boxes by the names of `pdq.dihedral`: float32[N,16,16]. Raises KeyError."""
    odd = np.where(np.arange(16) % 2 == 1, np.float32(1), np.float32(-1))
    by_column, by_row, transposed = _TURNS[name]
    made = spectra * odd if by_column else spectra
    made = made * odd[:, None] if by_row else made
    return made.swapaxes(-1, -2) if transposed else made


# Signs change by column, by row; then rows and columns change places.
_TURNS = {
    "original": (False, False, False),
    "rotate90": (True, False, True),
    "rotate180": (True, True, False),
    "rotate270": (False, True, True),
    "flipx": (False, True, False),
    "flipy": (True, False, False),
    "flipplus1": (False, False, True),
    "flipminus1": (True, True, True),
}


def _check(luma: Floats, boxes: Boxes) -> None:
    height, width = luma.shape
    if max(height, width) > _LENGTH_PIXELS_MAX:
        raise ValueError(
            f"a plane of {width} x {height} pixels: give one of at most {_LENGTH_PIXELS_MAX} a side"
        )
    left, top, right, bottom = boxes.T
    inside = (left >= 0) & (top >= 0) & (right <= width) & (bottom <= height)
    large = (right - left >= pdq.SIDE_PIXELS_MIN) & (bottom - top >= pdq.SIDE_PIXELS_MIN)
    if not (inside & large).all():
        place = int(np.argmin(inside & large))
        raise ValueError(
            f"box {boxes[place].tolist()} is outside the plane of {width} x {height} pixels or below "
            f"{pdq.SIDE_PIXELS_MIN} pixels a side: cut it or leave it out"
        )


def _spectra(luma: Floats, boxes: Boxes) -> tuple[Floats, NDArray[np.uint8]]:
    """The NumPy twin of native/src/windows.cpp."""
    levels = np.rint(np.minimum(np.where(luma > 0, luma, 0), 255) * 2**_LUMA_BITS).astype(np.float64)
    coefficients = np.empty((len(boxes), 16, 16), np.float32)
    qualities = np.empty(len(boxes), np.uint8)
    blurred: dict[tuple[int, int], Doubles] = {}
    for place, (left, top, right, bottom) in enumerate(boxes.tolist()):
        if (top, bottom) not in blurred:
            blurred[top, bottom] = _rows_blurred(levels[top:bottom])
        sums = blurred[top, bottom][:, left:right] @ whole_weights(right - left, _WEIGHT_BITS).T
        coefficients[place], qualities[place] = _spectrum(sums)
    return coefficients, qualities


def _reduced_spectrum(grey: NDArray[np.uint8], down: Reduced, across: Reduced) -> tuple[Floats, int]:
    rows = _rounded(_block_weights(down) @ (grey * 2.0**_LUMA_BITS), _WEIGHT_BITS)
    return _spectrum(rows @ _block_weights(across).T)


def _block_weights(way: Reduced) -> Doubles:
    starts = np.maximum(0, np.arange(0, way.length + way.lead, way.block) - way.lead)
    summed: Doubles = np.add.reduceat(whole_weights(way.length, _WEIGHT_BITS), starts, axis=1)
    return summed


def _spectrum(sums: Doubles) -> tuple[Floats, int]:
    """Coefficients and quality from the two weighted sums, float64[64,64]."""
    samples = _rounded(sums, _LUMA_BITS + _WEIGHT_BITS - _SAMPLE_BITS)
    half = _rounded(samples @ _cosines().T, _COSINE_BITS)
    full = _rounded(_cosines() @ half, _SAMPLE_BITS + _COSINE_BITS - _COEFFICIENT_BITS)
    return (full / 2**_COEFFICIENT_BITS).astype(np.float32), _quality(samples)


def _rounded(exact: Doubles, bits: int) -> Doubles:
    """Divided by 2^bits, halves upwards."""
    whole: Doubles = np.floor(exact * 2.0**-bits + 0.5)
    return whole


def _rows_blurred(levels: Doubles) -> Doubles:
    weights, vertical = whole_weights(len(levels), _WEIGHT_BITS), pdq.sampling(len(levels))
    parts = []
    for start in range(0, pdq.SIDE, 8):
        first, last = int(vertical.first[start]), int(vertical.last[start + 7])
        parts.append(weights[start : start + 8, first:last] @ levels[first:last])
    return _rounded(np.concatenate(parts), _WEIGHT_BITS)


@lru_cache(maxsize=512)
def whole_weights(length: int, bits: int) -> Doubles:
    """`pdq.sampling` in whole units that sum to 2^bits a row: float64[64, length]. Rounded sums leave no drift."""
    window = (length + 2 * pdq.SIDE - 1) // (2 * pdq.SIDE)
    ahead = (window + 2) // 2 - 1
    centre = np.arange(length)
    low = np.maximum(0, centre - (window - 1 - ahead))
    high = np.minimum(length - 1, centre + ahead) + 1
    share = (1 << _SHARE_BITS) // (high - low)
    steps = np.zeros((pdq.SIDE, length + 1), np.int64)
    for row in range(pdq.SIDE):
        point = (2 * row + 1) * length // (2 * pdq.SIDE)
        inner = np.arange(low[point], high[point])
        np.add.at(steps[row], low[inner], share[inner])
        np.add.at(steps[row], high[inner], -share[inner])
    sums = np.cumsum(np.cumsum(steps, axis=1), axis=1)
    total = sums[:, -1:]
    whole = ((sums << (bits + 1)) + total) // (2 * total)
    return np.diff(whole[:, :length], prepend=0).astype(np.float64)


@lru_cache(maxsize=1)
def _cosines() -> Doubles:
    """Frequencies 1 to 16 of a 64-point DCT in units of 2^-20: float64[16, 64]."""
    frequency, place = np.arange(1, 17)[:, None], 2 * np.arange(pdq.SIDE)[None, :] + 1
    exact = np.sqrt(2.0 / pdq.SIDE) * np.cos(np.pi / 2.0 / pdq.SIDE * frequency * place)
    whole: Doubles = np.rint(exact * 2**_COSINE_BITS)
    return whole


def _quality(samples: Doubles) -> int:
    """As `pdq.quality`: whole steps of 1 % of white."""
    steps = [np.abs(np.diff(samples, axis=axis)) * 100 for axis in (0, 1)]
    return min(100, int(sum(np.floor(each / (255 << _SAMPLE_BITS)).sum() for each in steps)) // 90)
