"""JPEG without the whole picture in memory: rows go from libjpeg straight into the samples, exactly, as luma or reduced.

What is no plain JPEG, and what libjpeg complains of, is left to Pillow, so that answers do not depend on the way. Runs
only in the locked-down child.
"""

from functools import partial
from typing import Any

import numpy as np
from PIL import Image
from PIL.Image import Transpose

from unseen.fingerprint.limits import PIXELS_MAX
from unseen.fingerprint.model import Pixels
from unseen.fingerprint.pdq import REFERENCE, WHOLE, Drift
from unseen.fingerprint.picture import SMALL_SIDE_PIXELS, WAYS, Picture
from unseen.native import kernels

# Below a shorter side of 320 reduced pixels a fingerprint moves by up to 14 bits, from there on by up to 8, no more than
# without colour (measurements.md A2).
_REDUCED_SIDE_PIXELS_MIN = 320


def is_read() -> bool:
    """Whether the kernels were built with libjpeg-turbo."""
    native = kernels()
    return native is not None and bool(native.jpeg_is_read())


def drift_of(image: Image.Image, pixels: Pixels) -> Drift:
    """Only exact pixels have a reference; from a luma plane the kernels and NumPy give the same anyway."""
    return WHOLE if pixels is not Pixels.EXACT and image.mode == "L" else REFERENCE


def read(
    data: bytes, image: Image.Image, turn: Transpose | None, pixels: Pixels, small: bool
) -> Picture | None:
    """The picture, sampled or reduced; None where Pillow has to decode it whole. `image`: opened, not decoded."""
    shrink = _shrink(image.size) if pixels is Pixels.SCALED else 1
    if shrink > 1:
        return _reduced(data, image, turn, shrink)
    native, size = kernels(), image.size
    colour, side = pixels is Pixels.EXACT, SMALL_SIDE_PIXELS if small else 0
    if not colour:
        image.draft("L", image.size)
    sampled = (
        None if native is None else native.jpeg_samples(data, size, colour, *WAYS[turn], side, PIXELS_MAX)
    )
    if native is None or sampled is None:
        return None
    samples, reduced = sampled
    again = partial(native.jpeg_reference, data, size, colour, PIXELS_MAX) if turn is None else None
    return Picture(
        image,
        turn,
        samples,
        None if reduced is None else _image(reduced),
        again,
        REFERENCE if colour else WHOLE,
    )


def _shrink(size: tuple[int, int]) -> int:
    """The largest reduction that libjpeg's scaled transforms offer and the fingerprint bears."""
    return next(by for by in (8, 4, 2, 1) if by == 1 or min(size) >= by * _REDUCED_SIDE_PIXELS_MIN)


def _reduced(data: bytes, image: Image.Image, turn: Transpose | None, shrink: int) -> Picture | None:
    native, size = kernels(), image.size
    plane = None if native is None else native.jpeg_reduced(data, size, shrink, PIXELS_MAX)
    if plane is not None:
        return Picture(_image(plane), turn, shrink=shrink, size=size)
    if size[0] * size[1] > PIXELS_MAX or image.mode not in ("RGB", "L"):
        return None
    image.draft("L", (size[0] // shrink, size[1] // shrink))
    return Picture(image, turn, shrink=shrink, size=size)


def _image(values: "np.ndarray[Any, np.dtype[np.uint8]]") -> Image.Image:
    return Image.fromarray(values[:, :, 0] if values.shape[2] == 1 else values)
