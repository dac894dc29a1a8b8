"""The float32 steps of the C++ reference in their order, for the few pictures where rounding decides a bit.

facebook/ThreatExchange pdq/cpp/downscaling and pdq/cpp/hashing: running sums along rows, then columns, twice.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from unseen.fingerprint.pdq import SIDE, Floats, Luma, dct_matrix
from unseen.native import kernels

_STRIP_ROWS = 64


def exact_samples(luma: Luma, height: int, width: int) -> Floats:
    """The reference's 64 x 64 samples, bit for bit: float32[64, 64]."""
    if height == SIDE and width == SIDE:
        return luma(0, SIDE).astype(np.float32)
    native = kernels()
    if native is not None:
        reference = native.Reference(height, width)
        for strip in _strips(luma, height):
            reference.rows(np.ascontiguousarray(strip))
        made: Floats = reference.samples()
        return made
    columns = ((np.arange(SIDE) + 0.5) * width / SIDE).astype(np.intp)
    rows = ((np.arange(SIDE) + 0.5) * height / SIDE).astype(np.intp)
    once = _box_down_columns(_box_along_rows(_strips(luma, height), width), height)
    kept = np.concatenate([strip[:, columns] for strip in _box_along_rows(once, width)])
    twice = np.concatenate(list(_box_down_columns(iter([kept]), height)))
    return np.ascontiguousarray(twice[rows])


def exact_spectrum(samples: Floats) -> Floats:
    """The reference's two matrix products with its order of additions: float32[16, 16]."""
    matrix = dct_matrix()
    half = np.zeros((16, SIDE), np.float32)
    for place in range(SIDE):
        half += matrix[:, place, None] * samples[None, place, :]
    full = np.zeros((16, 16), np.float32)
    for place in range(SIDE):
        full += half[:, place, None] * matrix[None, :, place]
    return full


def _strips(luma: Luma, height: int) -> Iterator[Floats]:
    for top in range(0, height, _STRIP_ROWS):
        yield luma(top, min(height, top + _STRIP_ROWS))


def _window(length: int) -> tuple[int, int]:
    """The full window and the number of pixels before the first output (reference: half window less one)."""
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    return window, (window + 2) // 2 - 1


def _box_along_rows(strips: Iterator[Floats], width: int) -> Iterator[Floats]:
    """Each row is one running sum: +right edge, -left edge, +right edge, ... accumulated in float32."""
    window, ahead = _window(width)
    place = np.arange(width)
    grows = np.minimum(place + ahead, width - 1) + 1
    counts = (grows - np.maximum(0, place + ahead + 1 - window)).astype(np.float32)
    for strip in strips:
        moves = np.zeros((len(strip), width + ahead, 2), np.float32)
        moves[:, :width, 0] = strip
        moves[:, window:, 1] = -strip[:, : width + ahead - window]
        sums: Floats = np.add.accumulate(moves.reshape(len(strip), -1), axis=1)
        yield sums[:, 1::2][:, ahead:] / counts


def _box_down_columns(strips: Iterator[Floats], height: int) -> Iterator[Floats]:
    """The same along columns: one running sum a column, fed row by row, keeping only the rows of one window."""
    window, ahead = _window(height)
    recent: deque[Floats] = deque()
    running: Floats = np.zeros(1, np.float32)
    count = 0
    for strip in strips:
        out = []
        for row in strip:
            running = running + row
            recent.append(row)
            count += 1
            if len(recent) > window:
                running = running - recent.popleft()
            if count > ahead:
                out.append(running / np.float32(len(recent)))
        if out:
            yield np.stack(out)
    tail = []
    for _ in range(ahead):
        running = running - recent.popleft()
        tail.append(running / np.float32(len(recent)))
    if tail:
        yield np.stack(tail)
