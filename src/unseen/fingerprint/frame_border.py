"""The flat border of a frame: bars of a letterbox, a coloured edge."""

import numpy as np

from unseen.fingerprint.pdq import SIDE_PIXELS_MIN, Floats

Box = tuple[int, int, int, int]  # left, top, right, bottom

_FLAT_LEVELS = (
    12.0  # a border survives compression with a spread of a few levels; an edge of a picture spreads wider
)
_SHARE_MAX = 0.45  # of a side: beyond it the frame itself is flat


def inside_border(luma: Floats) -> Box | None:
    """The frame without its flat rows and columns; None where it has no border, or is nothing else."""
    height, width = luma.shape
    top, bottom = _flat_ends(luma)
    left, right = _flat_ends(luma[top : height - bottom].T)
    box = (left, top, width - right, height - bottom)
    large = min(box[2] - box[0], box[3] - box[1]) >= SIDE_PIXELS_MIN
    return box if large and (top or bottom or left or right) else None


def _flat_ends(lines: Floats) -> tuple[int, int]:
    """How many leading and how many trailing lines are flat and alike."""
    if not _any_flat(lines[:1]) and not _any_flat(lines[-1:]):
        return 0, 0
    low, high = _spread(lines)
    most = int(len(lines) * _SHARE_MAX)
    return _flat_run(low, high, most), _flat_run(low[::-1], high[::-1], most)


def _any_flat(lines: Floats) -> bool:
    low, high = _spread(lines)
    return bool((high - low <= _FLAT_LEVELS).any())


def _spread(lines: Floats) -> tuple[Floats, Floats]:
    """The 2nd and the 98th percentile of each line, from every third pixel of it."""
    low, high = np.percentile(lines[:, ::3], (2, 98), axis=1).astype(np.float32)
    return low, high


def _flat_run(low: Floats, high: Floats, most: int) -> int:
    """None if nearly all are flat, for then nothing is a border."""
    alike = (high - low <= _FLAT_LEVELS) & (np.abs((low + high) - (low[0] + high[0])) <= 2 * _FLAT_LEVELS)
    run = len(alike) if alike.all() else int(np.argmin(alike))
    return run if run <= most else 0
