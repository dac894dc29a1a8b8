"""From the name of an edited form to the part of which plane it is: crops, borders around, small rotations, turns."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin

import numpy as np
from PIL import Image

from unseen.fingerprint import windows
from unseen.fingerprint.model import Variant
from unseen.fingerprint.pdq import SIDE_PIXELS_MIN, Floats

Corners = tuple[int, int, int, int]  # left, top, right, bottom in pixels

_LEVELS = {"black": 0.0, "grey": 40.0, "white": 255.0}
_TURNED: dict[str, Callable[[Floats], Floats]] = {  # counter-clockwise, as editors count
    "flip": lambda plane: plane[::-1],
    "turn:90": np.rot90,
    "turn:180": lambda plane: plane[::-1, ::-1],
    "turn:270": lambda plane: np.rot90(plane, 3),
}
_SQUARE_ASPECT_MAX = 4  # a longer strip in a square is mostly border, and its plane would be large


@dataclass(frozen=True, slots=True)
class Planned:
    """`plane`: "" (the picture), a border's colour, or degrees; `sides`: shares cut off left, top, right, bottom (negative:
    added); None where the plane decides.
    """

    name: str
    mirrored: bool
    turn: str
    plane: str
    sides: tuple[float, float, float, float] | None = None


@lru_cache(maxsize=1024)
def planned(name: str) -> Planned:
    """Read a name such as `mirror+crop:5-0-0-5`, `border:black-0-12-0-12`, `rotate:-3`, `turn:90`. Raises ValueError."""
    mirrored = name.startswith("mirror")
    rest = name.removeprefix("mirror").removeprefix("+")
    kind, _, words = rest.partition(":")
    whole = (0.0, 0.0, 0.0, 0.0)
    if rest in ("", "full") or rest in _TURNED:
        return Planned(name, mirrored, rest if rest in _TURNED else "", "", whole)
    if kind == "rotate":
        return Planned(name, mirrored, "", words)
    if kind == "crop":
        return Planned(name, mirrored, "", "", _four(words))
    colour, _, sides = words.partition("-")
    if kind != "border" or colour not in _LEVELS:
        raise ValueError(f"{name} is no planned form: see bank_plan.py")
    if sides == "square":
        return Planned(name, mirrored, "", colour)
    left, top, right, bottom = _four(sides)
    return Planned(name, mirrored, "", colour, (-left, -top, -right, -bottom))


def forms_of(luma: Floats, names: Iterable[str]) -> Iterator[Variant]:
    """The fingerprint of each form, in order of their planes; a form that this picture cannot have is left out."""
    planes: dict[str, list[Planned]] = {}
    for each in map(planned, names):
        planes.setdefault(each.plane, []).append(each)
    for plane, forms in planes.items():
        if plane == "":
            yield from _from_plane(luma, forms, [_box(luma, each.sides, 0, 0) for each in forms])
        elif plane in _LEVELS:
            yield from _bordered(luma, plane, forms)
        else:
            turned, box = rotated(luma, float(plane))
            yield from _from_plane(turned, forms, [box] * len(forms))


def rotated(luma: Floats, degrees: float) -> tuple[Floats, Corners]:
    """The plane turned about its middle, and the largest upright box of the old kind without its black corners.

    The box is the one that AugLy and most editors cut.
    """
    height, width = luma.shape
    levels = Image.fromarray(np.clip(np.rint(luma), 0, 255).astype(np.uint8))
    turned = np.asarray(levels.rotate(degrees, Image.Resampling.BICUBIC, expand=True), np.float32)
    wide, high = _inscribed(width, height, degrees)
    middle_x, middle_y = turned.shape[1] / 2, turned.shape[0] / 2
    box = (middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2)
    return turned, _whole(box, turned)


def _inscribed(width: float, height: float, degrees: float) -> tuple[float, float]:
    """Width and height of the largest upright rectangle inside a turned one."""
    sine, cosine = sin(abs(radians(degrees))), cos(radians(degrees))
    longer, shorter = max(width, height), min(width, height)
    if shorter <= 2 * sine * cosine * longer:
        half = shorter / 2
        return (half / sine, half / cosine) if width >= height else (half / cosine, half / sine)
    both = cosine * cosine - sine * sine
    return (width * cosine - height * sine) / both, (height * cosine - width * sine) / both


def _bordered(luma: Floats, colour: str, forms: list[Planned]) -> Iterator[Variant]:
    height, width = luma.shape
    if max(height, width) > _SQUARE_ASPECT_MAX * min(height, width):
        forms = [each for each in forms if each.sides is not None]
    sides = [each.sides or _square(width, height) for each in forms]
    across = max((round(-width * min(each[0], each[2])) for each in sides), default=0) + 1
    down = max((round(-height * min(each[1], each[3])) for each in sides), default=0) + 1
    plane = np.pad(luma, ((down, down), (across, across)), constant_values=_LEVELS[colour])
    yield from _from_plane(plane, forms, [_box(luma, each, across, down) for each in sides])


def _square(width: int, height: int) -> tuple[float, float, float, float]:
    """The shares to add so that both sides are equal."""
    longer = max(width, height)
    across, down = (longer - width) / 2 / width, (longer - height) / 2 / height
    return (-across, -down, -across, -down)


def _box(luma: Floats, sides: tuple[float, float, float, float] | None, across: int, down: int) -> Corners:
    """In pixels of a plane that has `across` and `down` pixels before the picture."""
    height, width = luma.shape
    left, top, right, bottom = sides or (0.0, 0.0, 0.0, 0.0)
    return (
        across + round(left * width),
        down + round(top * height),
        across + width - round(right * width),
        down + height - round(bottom * height),
    )


def _from_plane(plane: Floats, forms: list[Planned], boxes: list[Corners]) -> Iterator[Variant]:
    """Turned pixels, not a turned spectrum: PDQ reads its samples half a step beside the middle (up to 31 bits apart)."""
    fits = [
        (form, box)
        for form, box in zip(forms, boxes, strict=True)
        if min(box[2] - box[0], box[3] - box[1]) >= SIDE_PIXELS_MIN
    ]
    for mirrored in (False, True):
        some = [(form, box) for form, box in fits if form.mirrored is mirrored and not form.turn]
        if some:
            yield from _read(
                plane[:, ::-1] if mirrored else plane,
                [form for form, _ in some],
                [_mirror(box, plane.shape[1]) if mirrored else box for _, box in some],
            )
    for form, _ in fits:
        if form.turn:  # always of the whole picture
            turned = _TURNED[form.turn](plane[:, ::-1] if form.mirrored else plane)
            yield from _read(turned, [form], [(0, 0, turned.shape[1], turned.shape[0])])


def _read(plane: Floats, forms: list[Planned], boxes: list[Corners]) -> Iterator[Variant]:
    spectra, quality = windows.spectra(np.ascontiguousarray(plane), np.array(boxes, np.int32))
    for form, pdq, good in zip(forms, windows.bits_of(spectra), quality.tolist(), strict=True):
        yield Variant(form.name, pdq.tobytes().hex(), good)


def _mirror(box: Corners, width: int) -> Corners:
    left, top, right, bottom = box
    return width - right, top, width - left, bottom


def _whole(box: tuple[float, float, float, float], plane: Floats) -> Corners:
    height, width = plane.shape
    left, top, right, bottom = (round(each) for each in box)
    return max(0, left), max(0, top), min(width, right), min(height, bottom)


def _four(words: str) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(each) / 100 for each in words.split("-"))
    return left, top, right, bottom
