"""Forms that say nothing: they look like the same form of a blank wall, a gradient or a horizon, so like many pictures."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint.bank_plan import PLAN
from unseen.fingerprint.pdq import Floats
from unseen.fingerprint.planned import forms_of

Rows = NDArray[np.uint8]

_RADIUS_BITS = 45  # farther than any search for pictures looks
_SIDE_PIXELS = 128
_LEVELS = (20.0, 75.0, 128.0, 180.0, 235.0)
_HORIZONS = (0.33, 0.5, 0.67)


def is_common(rows: Rows) -> NDArray[np.bool_]:
    """For each fingerprint (uint8[N,32]): whether one of the common ones lies near."""
    apart = np.bitwise_count(rows.view(np.uint64)[:, None, :] ^ _common().view(np.uint64)[None, :, :])
    nearest: NDArray[np.bool_] = (apart.sum(axis=2) <= _RADIUS_BITS).any(axis=1)
    return nearest


@lru_cache(maxsize=1)
def _common() -> Rows:
    """The planned forms of the scenes and the scenes themselves, each once."""
    values = {
        form.pdq for scene in _scenes() for form in forms_of(scene, ("full", *PLAN)) if form.quality > 0
    }
    return np.frombuffer(bytes.fromhex("".join(sorted(values))), np.uint8).reshape(-1, 32)


def _scenes() -> list[Floats]:
    """Blank fields, gradients and horizons, light over dark and dark over light."""
    blank = np.ones((_SIDE_PIXELS, _SIDE_PIXELS), np.float32)
    down = np.linspace(0, 1, _SIDE_PIXELS, dtype=np.float32)[:, None] * blank
    scenes = [level * blank for level in _LEVELS]
    for slope in (down, down.T, (down + down.T) / 2, (down + 1 - down.T) / 2):
        scenes += [40 + 170 * slope, 210 - 170 * slope]
    for at in _HORIZONS:
        scenes += [
            np.where(down < at, 200, 90).astype(np.float32),
            np.where(down < at, 90, 200).astype(np.float32),
        ]
    return scenes
