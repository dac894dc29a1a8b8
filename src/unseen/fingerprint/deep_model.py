"""What parent and child tell each other at the level deep: local features, fits, fingerprints of a picture's parts.

Every byte from a child is checked, for the child may be in hostile hands.
"""

import base64
import binascii
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FRAME_UNITS = 2048  # the longer side of a picture in the units of points and fits
ANGLES = 256  # a full turn
SIZES = 128  # a patch's size in units, as eighths of an octave
FEATURES_MAX = 2000  # of one picture; the child's own counts are lower
SIDE_PIXELS_MAX = 1 << 20
NOT_COVERED = 255  # in the place of a quality: the query does not show this part
_ROW_BYTES, _POINT_BYTES = 32, 8


@dataclass(frozen=True, slots=True)
class LocalFeatures:
    """`rows`: 32 bytes each; `points`: four uint16 each (x, y in units, angle, size). Only the ratio of the sides counts."""

    width: int
    height: int
    points: bytes
    rows: bytes

    def __len__(self) -> int:
        return len(self.rows) // _ROW_BYTES

    def point_table(self) -> NDArray[np.uint16]:
        """uint16[N,4]: x, y, angle in 1/256 turns, size in 1/8 octave."""
        return np.frombuffer(self.points, "<u2").reshape(-1, 4).astype(np.uint16)

    def row_table(self) -> NDArray[np.uint8]:
        """uint8[N,32], as `Bank.search` wants them."""
        return np.frombuffer(self.rows, np.uint8).reshape(-1, _ROW_BYTES)

    def facts(self) -> dict[str, Any]:
        return {
            "width": self.width,
            "height": self.height,
            "points": _text(self.points),
            "rows": _text(self.rows),
        }


@dataclass(frozen=True, slots=True)
class PartPrints:
    """PDQ (32 bytes each) and quality (one byte each, or NOT_COVERED) of the parts of a picture, in their fixed order."""

    rows: bytes
    qualities: bytes

    def __len__(self) -> int:
        return len(self.qualities)

    def row_table(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.rows, np.uint8).reshape(-1, _ROW_BYTES)

    def quality_table(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.qualities, np.uint8)

    def shown(self) -> NDArray[np.bool_]:
        return np.asarray(self.quality_table() != NOT_COVERED)

    def facts(self) -> dict[str, Any]:
        return {"rows": _text(self.rows), "qualities": _text(self.qualities)}


@dataclass(frozen=True, slots=True)
class Original:
    """What a bank keeps of a picture for the level deep."""

    features: LocalFeatures
    parts: PartPrints

    def facts(self) -> dict[str, Any]:
        return {"features": self.features.facts(), "parts": self.parts.facts()}


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched with: the features of the picture as it is, and of its mirror image."""

    plain: LocalFeatures
    mirror: LocalFeatures

    def facts(self) -> dict[str, Any]:
        return {"plain": self.plain.facts(), "mirror": self.mirror.facts()}


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the query (mirrored or not) would lie in an original of this shape: a homography from units to units, row by row."""

    matrix: tuple[float, ...]
    mirrored: bool
    width: int
    height: int

    def facts(self) -> dict[str, Any]:
        return {
            "matrix": list(self.matrix),
            "mirrored": self.mirrored,
            "width": self.width,
            "height": self.height,
        }


def fit_from_wire(facts: object) -> Fit:
    """Raises ValueError."""
    facts = _object(facts)
    matrix = facts.get("matrix")
    if not isinstance(matrix, list) or len(matrix) != 9 or not all(_is_number(each) for each in matrix):
        raise ValueError("a fit is not nine numbers")
    return Fit(tuple(matrix), facts.get("mirrored") is True, *_sides(facts))


def original_from_wire(facts: object) -> Original:
    """Raises ValueError."""
    facts = _object(facts)
    return Original(features_from_wire(facts.get("features")), parts_from_wire(facts.get("parts")))


def query_from_wire(facts: object) -> Query:
    """Raises ValueError."""
    facts = _object(facts)
    return Query(features_from_wire(facts.get("plain")), features_from_wire(facts.get("mirror")))


def features_from_wire(facts: object) -> LocalFeatures:
    """Raises ValueError for anything but points inside the frame with a row each."""
    facts = _object(facts)
    made = LocalFeatures(*_sides(facts), _bytes(facts.get("points")), _bytes(facts.get("rows")))
    count = len(made)
    if (
        count > FEATURES_MAX
        or len(made.rows) != count * _ROW_BYTES
        or len(made.points) != count * _POINT_BYTES
    ):
        raise ValueError("features have too many or torn rows")
    if (made.point_table() >= (FRAME_UNITS, FRAME_UNITS, ANGLES, SIZES)).any():
        raise ValueError("a feature lies outside its picture")
    return made


def parts_from_wire(facts: object) -> PartPrints:
    """Raises ValueError for anything but a quality or NOT_COVERED for each row."""
    facts = _object(facts)
    made = PartPrints(_bytes(facts.get("rows")), _bytes(facts.get("qualities")))
    if len(made.rows) != len(made) * _ROW_BYTES:
        raise ValueError("parts have torn rows")
    if any(100 < quality != NOT_COVERED for quality in made.qualities):
        raise ValueError("the quality of a part is out of range")
    return made


def _sides(facts: Mapping[str, Any]) -> tuple[int, int]:
    sides = facts.get("width"), facts.get("height")
    width, height = sides
    if (
        type(width) is not int
        or type(height) is not int
        or not all(0 < each <= SIDE_PIXELS_MAX for each in (width, height))
    ):
        raise ValueError("a side is out of range")
    return width, height


def _object(value: object) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise ValueError("a value is no object")


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else "?", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("bytes are not base64") from None
