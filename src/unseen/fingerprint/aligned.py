"""Fingerprints of the parts of an original, and of the same parts of a query laid onto it by a fit.

Runs only in the locked-down child.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint import pdq, windows
from unseen.fingerprint.deep_model import FRAME_UNITS, NOT_COVERED, Fit, PartPrints
from unseen.fingerprint.features import Bytes, grey, mirrored
from unseen.fingerprint.pdq import Floats

_CANVAS_PIXELS = 512  # the longer side of the plane on which parts are compared
_OUTSIDE_UNITS = 12.0  # a part may stick out of the query so far: 0.6 % of the original's longer side
# Shares of the side: the whole, and squares of parts that overlap so that a crop of half the side holds nine of them.
_PARTS = ((1.0, 1), (2 / 3, 3), (1 / 2, 5), (1 / 3, 5), (1 / 4, 7))
_SHRINK_FROM = (
    0.7  # a query that is larger than the canvas is reduced by plain means first, or details would flicker
)
_PLANE_SIDE_MAX = 16_384  # OpenCV warps nothing wider than 32,766 pixels
Boxes = NDArray[np.int32]


@lru_cache(maxsize=64)
def part_boxes(width: int, height: int) -> Boxes:
    """Boxes (left, top, right, bottom) of every part on a canvas of this size, int32[N,4]."""
    boxes = []
    for share, steps in _PARTS:
        starts = np.linspace(0, 1 - share, steps)
        for top in starts:
            for left in starts:
                edges = (left * width, top * height, (left + share) * width, (top + share) * height)
                boxes.append([round(edge) for edge in edges])
    return np.array(boxes, np.int32)


def part_prints(luma: Floats) -> PartPrints:
    """Of an original."""
    plane = grey(luma)
    width, height = canvas_size(plane.shape[1], plane.shape[0])
    canvas = cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA)
    boxes = part_boxes(width, height)
    return _prints(np.asarray(canvas, np.float32), boxes, np.ones(len(boxes), bool))


def aligned_prints(luma: Floats, fits: list[Fit]) -> list[PartPrints]:
    """Of a query, once for each fit: the parts that it covers."""
    plane = grey(luma)
    return [_aligned(mirrored(plane) if fit.mirrored else plane, fit) for fit in fits]


def canvas_size(width: int, height: int) -> tuple[int, int]:
    factor = _CANVAS_PIXELS / max(width, height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _aligned(plane: Bytes, fit: Fit) -> PartPrints:
    width, height = canvas_size(fit.width, fit.height)
    boxes = part_boxes(width, height)
    onto = np.diag([_CANVAS_PIXELS / FRAME_UNITS] * 2 + [1.0]) @ np.array(fit.matrix).reshape(3, 3)
    units = FRAME_UNITS / max(plane.shape)
    onto = onto @ np.diag([units, units, 1.0])
    if abs(np.linalg.det(onto)) < 1e-12:
        return _prints(np.zeros((height, width), np.float32), boxes, np.zeros(len(boxes), bool))
    slack = _OUTSIDE_UNITS * _CANVAS_PIXELS / FRAME_UNITS
    covered = _covered(np.linalg.inv(onto), boxes, plane.shape, slack)
    if not covered.any():
        return _prints(np.zeros((height, width), np.float32), boxes, covered)
    shrink = min(_zoom(onto, plane.shape), _PLANE_SIDE_MAX / max(plane.shape))
    if shrink < _SHRINK_FROM:
        size = (max(1, round(plane.shape[1] * shrink)), max(1, round(plane.shape[0] * shrink)))
        onto = onto @ np.diag([plane.shape[1] / size[0], plane.shape[0] / size[1], 1.0])
        plane = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)
    # Points are measured from the corner of a pixel, warpPerspective counts from its middle.
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    warped = cv2.warpPerspective(
        plane,
        np.linalg.inv(half) @ onto @ half,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return _prints(np.asarray(warped, np.float32), boxes, covered)


def _covered(
    back: NDArray[np.float64], boxes: Boxes, shape: tuple[int, ...], slack: float
) -> NDArray[np.bool_]:
    """The parts whose four corners, less a little, lie inside the query."""
    inner = boxes + np.array([slack, slack, -slack, -slack])
    corners = inner[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    x, y, depth = np.moveaxis(np.dstack([corners, np.ones(corners.shape[:2])]) @ back.T, 2, 0)
    seen = depth * np.sign(back[2, 2] or 1.0) > 1e-6  # on this side of the horizon
    safe = np.where(seen, depth, 1.0)
    inside = seen & (x / safe >= 0) & (y / safe >= 0) & (x / safe <= shape[1]) & (y / safe <= shape[0])
    return np.asarray(inside.all(axis=1))


def _zoom(onto: NDArray[np.float64], shape: tuple[int, ...]) -> float:
    """Pixels of the canvas for one of the query, at the middle of the query."""
    middle = np.array([shape[1] / 2, shape[0] / 2, 1.0])
    depth = abs(onto[2] @ middle) or 1.0
    return float((abs(np.linalg.det(onto)) / depth**3) ** 0.5)


def _prints(canvas: Floats, boxes: Boxes, covered: NDArray[np.bool_]) -> PartPrints:
    sides = boxes[:, 2:] - boxes[:, :2]
    shown = covered & (sides.min(axis=1) >= pdq.SIDE_PIXELS_MIN)
    rows = np.zeros((len(boxes), 32), np.uint8)
    qualities = np.full(len(boxes), NOT_COVERED, np.uint8)
    if shown.any():
        spectra, qualities[shown] = windows.spectra(canvas, boxes[shown])
        rows[shown] = windows.bits_of(spectra)
    return PartPrints(rows.tobytes(), qualities.tobytes())
