"""Fingerprints of random crops of real photographs: they lean together as uploads and edited copies do."""

from pathlib import Path

import numpy as np
from PIL import Image

from unseen.fingerprint import windows

SIDE = 384  # of the shorter side, as edited forms are computed
QUERY_SHARE = 5  # every fifth photograph gives queries only


def fingerprints(media: Path, rows: int, queries: int) -> tuple[np.ndarray, np.ndarray]:
    """uint8[rows,32] of crops of four fifths of the photographs, uint8[queries,32] of crops of the others."""
    photos = sorted((media / "images").glob("*.jpg")) + sorted((media / "unrelated").glob("*.jpg"))
    random = np.random.default_rng(3)
    ask, keep = photos[::QUERY_SHARE], [each for at, each in enumerate(photos) if at % QUERY_SHARE]
    return crops(keep, rows, random), crops(ask, queries, random)


def crops(photos: list[Path], count: int, random: np.random.Generator) -> np.ndarray:
    made: list[np.ndarray] = []
    each = -(-count // len(photos)) * 5 // 4 + 4  # some are too flat to be kept
    for path in photos:
        with Image.open(path) as image:
            image.draft("L", (2 * SIDE, 2 * SIDE))
            scale = SIDE / min(image.size)
            size = [max(SIDE, round(side * scale)) for side in image.size]
            luma = np.asarray(image.convert("L").resize(size), np.float32)
        height, width = luma.shape
        short = random.integers(SIDE // 4, SIDE, each)
        left = (random.random(each) * (width - short)).astype(np.int32)
        top = (random.random(each) * (height - short)).astype(np.int32)
        boxes = np.stack([left, top, left + short, top + short], axis=1).astype(np.int32)
        coefficients, quality = windows.spectra(luma, boxes)
        made.append(windows.bits_of(coefficients)[quality >= 50])
    rows = np.concatenate(made)
    if len(rows) < count:
        raise SystemExit(
            f"only {len(rows)} crops of {len(photos)} photographs are clear enough: give more media"
        )
    random.shuffle(rows)
    return np.ascontiguousarray(rows[:count])
