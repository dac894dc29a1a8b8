"""Pixels made by whole numbers alone, and their fingerprints: `python -m tests.vectors.golden` writes golden.json.

Every implementation (NumPy, C++, TypeScript) makes the same pixels from `width`, `height` and `seed`, and must answer the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Transpose

from unseen.fingerprint.pdq import dct_matrix
from unseen.fingerprint.picture import TURNS, Picture, pdq_of

FILE = Path(__file__).parent / "golden.json"
# Smaller than the least, the least, odd, as large as the samples, just beside that, long and thin, a phone's.
SIZES = (
    (4, 9),
    (5, 5),
    (7, 64),
    (64, 64),
    (63, 65),
    (129, 127),
    (400, 300),
    (301, 1003),
    (2000, 17),
    (1280, 720),
)


def pixels(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """uint8[height, width, 3]: three waves of triangles a channel, and a little noise."""
    x, y = np.arange(width, dtype=np.int64)[None, :], np.arange(height, dtype=np.int64)[:, None]
    planes = []
    for channel in range(3):
        sum_ = np.zeros((height, width), np.int64)
        for wave in range(3):
            turn = (seed * 7 + channel * 5 + wave * 3) % 11 - 5
            phase = (x * (wave + 2) * 512 // width + y * turn * 256 // height + seed * 37) % 512
            sum_ += np.where(phase < 256, phase, 511 - phase)
        noise = (x * 1103515245 + y * 12345 + channel * 7919 + seed * 104729) % 65536 // 4096
        planes.append((sum_ // 3 + noise) % 256)
    return np.stack(planes, axis=-1).astype(np.uint8)


def picture(width: int, height: int, seed: int, orientation: int) -> Picture:
    turn: Transpose | None = TURNS.get(orientation)
    return Picture(Image.fromarray(pixels(width, height, seed)), turn)


def made() -> dict[str, Any]:
    vectors = []
    for seed, (width, height) in enumerate(SIZES, start=1):
        for orientation in range(1, 9):
            answer = pdq_of(picture(width, height, seed, orientation))
            vectors.append(
                {
                    "width": width,
                    "height": height,
                    "seed": seed,
                    "orientation": orientation,
                    "sum": int(pixels(width, height, seed).sum()),
                    "pdq": answer.value.hex(),
                    "quality": answer.quality,
                }
            )
    return {"dct_matrix": dct_matrix().tobytes().hex(), "vectors": vectors}


if __name__ == "__main__":
    lines = ",\n  ".join(json.dumps(vector) for vector in made()["vectors"])
    FILE.write_text(
        f'{{\n "dct_matrix": "{made()["dct_matrix"]}",\n "vectors": [\n  {lines}\n ]\n}}\n', encoding="utf-8"
    )
