"""Edited forms of a film's frames: far fewer than those of a picture, because a film has many frames to be found by."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint import pdq
from unseen.fingerprint.forms import Box, crop_boxes, without_border
from unseen.fingerprint.looks import Look
from unseen.fingerprint.model import Forms, Variant
from unseen.fingerprint.pdq import Floats

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
_FLAT_LEVELS = 12.0  # as in `forms`: a border after compression


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
        luma = look.luma()
        boxes = crop_boxes(luma.shape[1], luma.shape[0])
        crops = [_form(name, luma, boxes[name]) for name in CROPS] if min(luma.shape) >= 64 else []
        mirror = Variant("mirror", look.mirrored.hex(), look.quality)
        return tuple(form for form in (mirror, *crops) if form.quality >= QUALITY_MIN)


def _query_forms(at_s: float, look: Look) -> tuple[Variant, ...]:
    """The frame mirrored; and where it has a flat border, the frame without it, mirrored too."""
    mirror = Variant("mirror", look.mirrored.hex(), look.quality)
    trims = _trims(look.luma()) if look.flat_edge else []
    return tuple(form for form in (mirror, *trims) if form.quality >= QUALITY_MIN)


def _trims(luma: Floats) -> list[Variant]:
    height, width = luma.shape
    box = without_border(luma)
    if (
        box == Box(0, 0, width, height)
        or min(box.right - box.left, box.bottom - box.top) < pdq.SIDE_PIXELS_MIN
    ):
        return []
    coefficients, quality = _spectrum(luma, box)
    signs = np.where(np.arange(16) % 2 == 1, 1.0, -1.0)
    return [
        Variant("trim", pdq.bits(coefficients).hex(), quality),
        Variant("mirror+trim", pdq.bits(coefficients * signs).hex(), quality),
    ]


def _form(name: str, luma: Floats, box: Box) -> Variant:
    coefficients, quality = _spectrum(luma, box)
    return Variant(name, pdq.bits(coefficients).hex(), quality)


def _spectrum(luma: Floats, box: Box) -> tuple[Floats, int]:
    blurred = pdq.rows_blurred(lambda first, last: luma[first:last], box.top, box.bottom)
    samples = pdq.sampled(blurred, box.left, box.right)
    return pdq.spectrum(samples).astype(np.float32), pdq.quality(samples)
