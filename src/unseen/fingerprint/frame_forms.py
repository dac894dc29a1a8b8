"""Edited forms of a film's frames: far fewer than those of a picture, because a film has many frames to be found by."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint import windows
from unseen.fingerprint.forms import Box, crop_boxes, without_border
from unseen.fingerprint.looks import Look
from unseen.fingerprint.model import Forms, Variant
from unseen.fingerprint.pdq import SIDE_PIXELS_MIN, Floats

Former = Callable[[float, Look], tuple[Variant, ...]]

ANCHOR_STEP_S = (
    1.0  # edited forms are kept of one frame a second: growth is bounded, and five seconds are still found
)
# A copy cut by up to about 13 % of each direction lies near one of them (measured, benchmarks/video).
CROPS = (
    "crop:centre-2",
    "crop:centre-3.5",
    "crop:centre-5",
    "crop:centre-6.5",
    "crop:centre-8",
    "crop:centre-10",
)
_CROPPED_SIDE_PIXELS_MIN = 64  # below it a crop of a few percent is no crop


def former_of(forms: Forms) -> Former:
    """What to compute beside each kept frame's own fingerprint."""
    if forms is Forms.BANK:
        return _Anchors()
    return _query_forms if forms is Forms.QUERY else _none


def _none(at_s: float, look: Look) -> tuple[Variant, ...]:
    return ()


@dataclass(slots=True)
class _Anchors:
    """The bank's forms, of at most one frame a second."""

    due_s: float = 0.0

    def __call__(self, at_s: float, look: Look) -> tuple[Variant, ...]:
        if at_s < self.due_s or look.quality < QUALITY_MIN:
            return ()
        self.due_s = at_s // ANCHOR_STEP_S * ANCHOR_STEP_S + ANCHOR_STEP_S
        mirror = Variant("mirror", look.mirrored.hex(), look.quality)
        return tuple(form for form in (mirror, *_crops(look.luma())) if form.quality >= QUALITY_MIN)


def _query_forms(at_s: float, look: Look) -> tuple[Variant, ...]:
    """The frame mirrored; and where it has a flat border, the frame without it, mirrored too."""
    mirror = Variant("mirror", look.mirrored.hex(), look.quality)
    trims = _trims(look.luma()) if look.flat_edge else []
    return tuple(form for form in (mirror, *trims) if form.quality >= QUALITY_MIN)


def _crops(luma: Floats) -> list[Variant]:
    height, width = luma.shape
    if min(height, width) < _CROPPED_SIDE_PIXELS_MIN:
        return []
    boxes = crop_boxes(width, height)
    found, qualities = windows.spectra(luma, _rows([boxes[name] for name in CROPS]))
    values = windows.bits_of(found)
    return [
        Variant(name, value.tobytes().hex(), int(quality))
        for name, value, quality in zip(CROPS, values, qualities, strict=True)
    ]


def _trims(luma: Floats) -> list[Variant]:
    height, width = luma.shape
    box = without_border(luma)
    if box == Box(0, 0, width, height) or min(box.right - box.left, box.bottom - box.top) < SIDE_PIXELS_MIN:
        return []
    plain, qualities = windows.spectra(luma, _rows([box]))
    mirrored = windows.turned(plain, "flipy")
    return [
        Variant(name, windows.bits_of(each)[0].tobytes().hex(), int(qualities[0]))
        for name, each in (("trim", plain), ("mirror+trim", mirrored))
    ]


def _rows(boxes: list[Box]) -> NDArray[np.int32]:
    return np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], np.int32)
