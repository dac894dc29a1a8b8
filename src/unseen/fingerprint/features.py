"""Local features of a picture: binary descriptions of small patches that survive turning, scaling and cropping.

ORB (Rublee et al., ICCV 2011) as in OpenCV, spread over the picture so that every part of it keeps some. Runs only in
the locked-down child.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint.deep_model import ANGLES, FRAME_UNITS, SIZES, LocalFeatures
from unseen.fingerprint.pdq import Floats

Bytes = NDArray[np.uint8]

# The plane on which features are found has about 512 x 384 pixels whatever the picture's shape: the same picture gives the
# same patches from a thumbnail and from the camera's file. A crop or a screenshot meets them on other levels.
_PLANE_PIXELS = 512 * 384
_ENLARGED_MAX = 3.0  # beyond it a thumbnail is all blur
_LEVEL_FACTOR = 1.2
_BANK_LEVELS, _QUERY_LEVELS = 8, 10
_EDGE_PIXELS = 16  # a patch of 31 pixels may touch the picture's edge
_CONTRAST_MIN = 5  # grey levels at which a corner counts: skies and skin have few strong ones
# Measured: of the hardest crops and screenshots (half of each side), a query of 1,000 features finds all, of 700 all but
# 1 %, of 500 all but 6 %.
_BANK_COUNT, _QUERY_COUNT = 400, 800
_CANDIDATES = 4  # times as many are found as are kept, to choose from
_CELLS = 10  # a side; the best of each cell come first
_LEVELS_A_BAND = 4  # about an octave


def prepare() -> None:
    """One thread, no other devices: called once, before the lock-down."""
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)


def bank_features(luma: Floats) -> LocalFeatures:
    """Those that a bank keeps of a picture."""
    return _found(grey(luma), _BANK_LEVELS, _BANK_COUNT)


def query_features(luma: Floats) -> tuple[LocalFeatures, LocalFeatures]:
    """Those that a query tries, as the picture is and mirrored."""
    plane = grey(luma)
    found = [_found(each, _QUERY_LEVELS, _QUERY_COUNT) for each in (plane, mirrored(plane))]
    return found[0], found[1]


def grey(luma: Floats) -> Bytes:
    return np.clip(np.rint(luma), 0, 255).astype(np.uint8)


def mirrored(plane: Bytes) -> Bytes:
    return np.ascontiguousarray(plane[:, ::-1])


def _found(plane: Bytes, levels: int, count: int) -> LocalFeatures:
    height, width = plane.shape
    scaled = _scaled(plane)
    orb = cv2.ORB.create(
        nfeatures=_CANDIDATES * count,
        scaleFactor=_LEVEL_FACTOR,
        nlevels=levels,
        edgeThreshold=_EDGE_PIXELS,
        fastThreshold=_CONTRAST_MIN,
    )
    chosen = _spread(orb.detect(scaled, None), scaled.shape, count)
    points, rows = orb.compute(scaled, chosen)
    if not points:
        return LocalFeatures(width, height, b"", b"")
    units = FRAME_UNITS / max(scaled.shape)
    packed = np.empty((len(points), 4), "<u2")
    for place, point in enumerate(points):
        x, y = point.pt
        packed[place] = (
            min(FRAME_UNITS - 1, round((x + 0.5) * units)),
            min(FRAME_UNITS - 1, round((y + 0.5) * units)),
            round(point.angle / 360 * ANGLES) % ANGLES,
            min(SIZES - 1, round(8 * math.log2(point.size * units))),
        )
    return LocalFeatures(width, height, packed.tobytes(), rows.tobytes())


def _scaled(plane: Bytes) -> Bytes:
    height, width = plane.shape
    factor = min(_ENLARGED_MAX, (_PLANE_PIXELS / (width * height)) ** 0.5)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(plane, size, interpolation=how), np.uint8)


def _spread(points: Sequence[cv2.KeyPoint], shape: tuple[int, ...], count: int) -> list[cv2.KeyPoint]:
    """The strongest of each cell and octave first, then the second strongest of each, and so on.

    Small patches are many and strong, large ones few; a copy that was cropped or shrunk shares only some sizes.
    """
    if len(points) <= count:
        return list(points)
    place = np.array([point.pt for point in points])
    strength = np.array([point.response for point in points])
    octave = np.array([point.octave for point in points]) // _LEVELS_A_BAND
    across, down = (place * _CELLS / (shape[1], shape[0])).astype(int).T
    cell = (octave * _CELLS + down) * _CELLS + across
    order = np.lexsort((-strength, cell))
    rank = np.empty(len(points), int)
    rank[order] = np.arange(len(points)) - np.searchsorted(cell[order], cell[order])
    return [points[each] for each in np.lexsort((-strength, rank))[:count]]
