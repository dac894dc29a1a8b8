"""Edited forms of one picture: those that a bank keeps, and those that a query tries.

A copy stays within 31 bits when every side was cut within about 1 % of a kept form's, within 38 bits at about 1.5 % (measured
on 45 photographs); bank and query share the search: the bank's forms times the query's cover the crops between them.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint import windows
from unseen.fingerprint.bank_plan import PLAN, REGIONS
from unseen.fingerprint.common import is_common
from unseen.fingerprint.content_boxes import Box, content_boxes
from unseen.fingerprint.model import Variant
from unseen.fingerprint.pdq import SIDE_PIXELS_MIN, Floats
from unseen.fingerprint.planned import forms_of, planned

_PLANE_PIXELS_MAX = (
    4_000_000  # a strip more than ten times as long as high: its bordered forms would not fit the child
)
_CONTENT_BOXES_MAX = 8  # the eighth guess still found one screenshot in a hundred
_INSET_SHARE = 0.02  # a guess may be a little too large: JPEG smears an edge
# (share of the side that is kept, places a direction): a copy that was cut is cut again, to meet a form of the bank
_LATTICE = ((0.975, 2), (0.95, 2), (0.925, 2), (0.9, 3), (0.85, 3), (0.8, 4), (0.75, 4), (0.7, 5), (0.65, 5))


def bank_forms(luma: Floats) -> tuple[Variant, ...]:
    """Every form of the plan that says something: quality 50 or more, and unlike what many pictures look like.

    A picture too flat to search has none: a border around it would have quality, and match any other flat picture's.
    """
    if luma.size > _PLANE_PIXELS_MAX:
        return _mirror_alone(luma)
    whole, *others = forms_of(luma, ("full", *PLAN))
    forms = list(_kept(others))
    if whole.quality < QUALITY_MIN or not forms:
        return ()
    rows = np.frombuffer(bytes.fromhex("".join(form.pdq for form in forms)), np.uint8).reshape(-1, 32)
    return tuple(form for form, common in zip(forms, is_common(rows).tolist(), strict=True) if not common)


def query_forms(luma: Floats) -> tuple[Variant, ...]:
    """The query's own mirror, its parts, and what may be a picture inside it, each plain and mirrored where that is new."""
    if luma.size > _PLANE_PIXELS_MAX:
        return _mirror_alone(luma)
    height, width = luma.shape
    boxes = [Box(0, 0, width, height)]
    names = ["whole"]
    for name, box in _parts(width, height):
        boxes.append(box)
        names.append(name)
    for number, box in enumerate(content_boxes(luma, _CONTENT_BOXES_MAX)):
        for name, part in _inside(box):
            boxes.append(part)
            names.append(f"content:{number}{name}")
    fits = [min(box.right - box.left, box.bottom - box.top) >= SIDE_PIXELS_MIN for box in boxes]
    boxes = [box for box, fit in zip(boxes, fits, strict=True) if fit]
    names = [name for name, fit in zip(names, fits, strict=True) if fit]
    corners = np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], np.int32)
    spectra, quality = windows.spectra(luma, corners)
    plain, mirrored = windows.bits_of(spectra), windows.bits_of(windows.turned(spectra, "flipy"))
    forms: list[Variant] = []
    for place, (name, good) in enumerate(zip(names, quality.tolist(), strict=True)):
        if name != "whole":
            forms.append(Variant(name, plain[place].tobytes().hex(), good))
        if not name.startswith("cut:"):
            mirror = "mirror" if name == "whole" else f"mirror+{name}"
            forms.append(Variant(mirror, mirrored[place].tobytes().hex(), good))
    return tuple(_kept(forms))


def _mirror_alone(luma: Floats) -> tuple[Variant, ...]:
    return tuple(_kept(forms_of(luma, ("mirror",))))


def _parts(width: int, height: int) -> Iterator[tuple[str, Box]]:
    """The bank's regions of the query, and a lattice of windows that are cut once more."""
    for name in REGIONS:
        yield name.replace("crop:", "region:"), _cut(width, height, planned(name).sides or (0, 0, 0, 0))
    for number, sides in enumerate(_lattice()):
        yield f"cut:{number}", _cut(width, height, sides)


@lru_cache(maxsize=1)
def _lattice() -> tuple[tuple[float, float, float, float], ...]:
    sides = []
    for kept, places in _LATTICE:
        free = 1 - kept
        steps = np.linspace(0, free, places).tolist()
        sides += [(left, top, free - left, free - top) for left in steps for top in steps]
    return tuple(sides)


def _inside(box: Box) -> Iterator[tuple[str, Box]]:
    width, height = box.right - box.left, box.bottom - box.top
    yield "", box
    for name, sides in (("-inset", (_INSET_SHARE,) * 4), *_HALVES):
        part = _cut(width, height, sides)
        yield (
            name,
            Box(box.left + part.left, box.top + part.top, box.left + part.right, box.top + part.bottom),
        )


_HALVES = (
    ("-left", (0.0, 0.0, 0.5, 0.0)),
    ("-right", (0.5, 0.0, 0.0, 0.0)),
    ("-top", (0.0, 0.0, 0.0, 0.5)),
    ("-bottom", (0.0, 0.5, 0.0, 0.0)),
)


def _cut(width: int, height: int, sides: tuple[float, ...]) -> Box:
    left, top, right, bottom = sides
    return Box(
        round(width * left),
        round(height * top),
        width - round(width * right),
        height - round(height * bottom),
    )


def _kept(forms: Iterable[Variant]) -> Iterator[Variant]:
    return (form for form in forms if form.quality >= QUALITY_MIN)
