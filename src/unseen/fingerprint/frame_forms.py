"""Edited forms of a film's frames: far fewer than those of a picture, because a film has many frames to be found by."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint import windows
from unseen.fingerprint.frame_border import Box, inside_border
from unseen.fingerprint.looks import Look
from unseen.fingerprint.model import Forms, Variant
from unseen.fingerprint.pdq import Floats

Former = Callable[[float, Look], tuple[Variant, ...]]

# Edited forms are kept of one frame a second of a still scene and up to two of a moving one: a crop of a frame a second
# apart is another picture when the camera moves (benchmarks/video).
ANCHOR_STEP_S = 1.0
_MOVING_STEP_S, _MOVING_STEP_BITS = 0.5, 40
# A copy cut by up to about 11 % at each side lies near one of them (measured, benchmarks/video).
_CENTRE_PERCENT = (2.0, 3.5, 5.0, 6.5, 8.0, 10.0)
# Films are cut to the shapes of screens and sites: wide, old television, square, upright.
_SHAPES = (16 / 9, 4 / 3, 1.0, 9 / 16)
_SHAPE_CUT_MIN = 0.04  # a smaller one is no other shape
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
    """The bank's forms, of chosen frames."""

    due_s: float = 0.0
    before_s: float = 0.0
    before: int = 0

    def __call__(self, at_s: float, look: Look) -> tuple[Variant, ...]:
        value = int.from_bytes(look.value)
        moved = (value ^ self.before).bit_count() > _MOVING_STEP_BITS
        due = at_s >= self.due_s or (moved and at_s - self.before_s >= _MOVING_STEP_S)
        if not due or look.quality < QUALITY_MIN:
            return ()
        self.before, self.before_s = value, at_s
        self.due_s = at_s // ANCHOR_STEP_S * ANCHOR_STEP_S + ANCHOR_STEP_S
        luma = look.luma()
        height, width = luma.shape
        boxes = _trim_boxes(look, luma)
        if min(height, width) >= _CROPPED_SIDE_PIXELS_MIN:
            boxes |= _centre_boxes(width, height) | _shape_boxes(width, height) | _part_boxes(width, height)
        return _kept(_mirror(look), *_variants(luma, boxes, mirrored=False))


def _query_forms(at_s: float, look: Look) -> tuple[Variant, ...]:
    """The frame mirrored, its four parts, and where it has a flat border, the frame without it; these mirrored too."""
    luma = look.luma()
    height, width = luma.shape
    boxes = _trim_boxes(look, luma)
    if min(height, width) >= _CROPPED_SIDE_PIXELS_MIN:
        boxes |= _part_boxes(width, height)
    return _kept(_mirror(look), *_variants(luma, boxes, mirrored=True))


def _kept(*forms: Variant) -> tuple[Variant, ...]:
    return tuple(form for form in forms if form.quality >= QUALITY_MIN)


def _mirror(look: Look) -> Variant:
    return Variant("mirror", look.mirrored.hex(), look.quality)


def _variants(luma: Floats, boxes: dict[str, Box], mirrored: bool) -> list[Variant]:
    """Each box by its name; `mirrored` too, as `mirror+` the name."""
    if not boxes:
        return []
    found, qualities = windows.spectra(luma, np.array(list(boxes.values()), np.int32))
    turns = {"": found} | ({"mirror+": windows.turned(found, "flipy")} if mirrored else {})
    return [
        Variant(turn + name, value.tobytes().hex(), int(quality))
        for turn, spectra in turns.items()
        for name, value, quality in zip(boxes, windows.bits_of(spectra), qualities, strict=True)
    ]


def _trim_boxes(look: Look, luma: Floats) -> dict[str, Box]:
    """The frame inside its flat border, if it has one."""
    box = inside_border(luma) if look.flat_edge else None
    return {"trim": box} if box else {}


def _part_boxes(width: int, height: int) -> dict[str, Box]:
    """Three quarters from each side: a logo, a caption or a banner spoils at most some of them."""
    across, down = width // 4, height // 4
    return {
        "crop:25-0-0-0": (across, 0, width, height),
        "crop:0-0-25-0": (0, 0, width - across, height),
        "crop:0-25-0-0": (0, down, width, height),
        "crop:0-0-0-25": (0, 0, width, height - down),
    }


def _centre_boxes(width: int, height: int) -> dict[str, Box]:
    boxes = {}
    for percent in _CENTRE_PERCENT:
        across, down = round(width * percent / 100), round(height * percent / 100)
        boxes["crop:" + "-".join([f"{percent:g}"] * 4)] = (across, down, width - across, height - down)
    return boxes


def _shape_boxes(width: int, height: int) -> dict[str, Box]:
    """The middle of the frame in the shape of other screens: `crop:21.9-0-21.9-0` makes a square of 16:9."""
    boxes = {}
    for shape in _SHAPES:
        narrower = shape < width / height
        cut = 1 - shape * height / width if narrower else 1 - width / shape / height
        if cut < _SHAPE_CUT_MIN:
            continue
        left, top = (round(width * cut / 2), 0) if narrower else (0, round(height * cut / 2))
        each = f"{round(50 * cut, 1):g}"
        boxes[f"crop:{each}-0-{each}-0" if narrower else f"crop:0-{each}-0-{each}"] = (
            left,
            top,
            width - left,
            height - top,
        )
    return boxes
