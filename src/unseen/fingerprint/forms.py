"""Edited forms of one picture: those a bank keeps (mirrors and crops), and those a query tries (mirror, border off).

The crops were chosen on 60 photographs: a copy stays within 31 bits when it was cut within about 1 % of a kept crop.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint import pdq
from unseen.fingerprint.model import Variant
from unseen.fingerprint.pdq import Floats

_SIDES = {
    "centre": (1, 1, 1, 1),
    "left": (1, 0, 0, 0),
    "top": (0, 1, 0, 0),
    "right": (0, 0, 1, 0),
    "bottom": (0, 0, 0, 1),
    "sides": (1, 0, 1, 0),
    "ends": (0, 1, 0, 1),
    "top-left": (1, 1, 0, 0),
    "top-right": (0, 1, 1, 0),
    "bottom-left": (1, 0, 0, 1),
    "bottom-right": (0, 0, 1, 1),
}
_PERCENT = {
    "centre": (2.0, 3.5, 5.0, 6.5, 8.0, 10.0),
    "top-left": (4.0, 6.5, 9.0),
    "top-right": (4.0, 6.5, 9.0),
    "bottom-left": (4.0, 6.5, 9.0),
    "bottom-right": (4.0, 6.5, 9.0),
}
_PERCENT_OTHER = (3.0, 6.0, 9.0)
_FLAT_LEVELS = (
    12.0  # a border survives JPEG with a spread of a few levels; a picture's edge row spreads far wider
)
_BORDER_SHARE_MAX = 0.45


@dataclass(frozen=True, slots=True)
class Box:
    """Columns [left, right) and rows [top, bottom)."""

    left: int
    top: int
    right: int
    bottom: int


def bank_forms(luma: Floats) -> tuple[Variant, ...]:
    """Mirror, every crop, every mirrored crop; those of quality below 50 are left out."""
    return tuple(_kept(_bank_forms(luma)))


def query_forms(luma: Floats) -> tuple[Variant, ...]:
    """The query's own mirror, and where it has a flat border, the picture without it, mirrored too."""
    height, width = luma.shape
    whole, inner = Box(0, 0, width, height), without_border(luma)
    forms = [_form("mirror", luma, whole, mirrored=True)]
    if inner != whole:
        forms += [_form("trim", luma, inner), _form("mirror+trim", luma, inner, mirrored=True)]
    return tuple(_kept(iter(forms)))


def crop_boxes(width: int, height: int) -> dict[str, Box]:
    """Every crop by name, as `crop:left-6` for 6 % cut off at the left."""
    boxes = {}
    for name, sides in _SIDES.items():
        for percent in _PERCENT.get(name, _PERCENT_OTHER):
            left, top, right, bottom = (side * percent / 100 for side in sides)
            box = Box(
                round(width * left),
                round(height * top),
                width - round(width * right),
                height - round(height * bottom),
            )
            boxes[f"crop:{name}-{percent:g}"] = box
    return boxes


def without_border(luma: Floats) -> Box:
    """The picture inside any flat rows and columns at its edges (letterbox, frame)."""
    height, width = luma.shape
    top, bottom = _flat_ends(luma)
    if height - top - bottom < height * (1 - 2 * _BORDER_SHARE_MAX):
        return Box(0, 0, width, height)
    left, right = _flat_ends(luma[top : height - bottom].T)
    return Box(left, top, width - right, height - bottom)


def _flat_ends(lines: Floats) -> tuple[int, int]:
    low, high = np.percentile(lines, (2, 98), axis=1)
    most = int(len(lines) * _BORDER_SHARE_MAX)
    return _flat_run(low, high, most), _flat_run(low[::-1], high[::-1], most)


def _flat_run(low: Floats, high: Floats, most: int) -> int:
    """How many leading lines are flat and alike; none if nearly all are, for then nothing is a border."""
    alike = (high - low <= _FLAT_LEVELS) & (np.abs((low + high) - (low[0] + high[0])) <= 2 * _FLAT_LEVELS)
    run = int(np.argmin(alike)) if not alike.all() else len(alike)
    return run if run <= most else 0


def _bank_forms(luma: Floats) -> Iterator[Variant]:
    height, width = luma.shape
    yield _form("mirror", luma, Box(0, 0, width, height), mirrored=True)
    blurred: dict[tuple[int, int], Floats] = {}
    for name, box in crop_boxes(width, height).items():
        rows = (box.top, box.bottom)
        if rows not in blurred:
            blurred[rows] = _blurred(luma, *rows)
        yield _variant(name, pdq.sampled(blurred[rows], box.left, box.right))
        yield _variant(f"mirror+{name}", pdq.sampled(blurred[rows], box.left, box.right, mirrored=True))


def _form(name: str, luma: Floats, box: Box, mirrored: bool = False) -> Variant:
    return _variant(name, pdq.sampled(_blurred(luma, box.top, box.bottom), box.left, box.right, mirrored))


def _blurred(luma: Floats, top: int, bottom: int) -> Floats:
    return pdq.rows_blurred(lambda first, last: luma[first:last], top, bottom)


def _variant(name: str, samples: Floats) -> Variant:
    return Variant(name, pdq.bits(pdq.spectrum(samples)).hex(), pdq.quality(samples))


def _kept(forms: Iterator[Variant]) -> Iterator[Variant]:
    return (form for form in forms if form.quality >= QUALITY_MIN)
