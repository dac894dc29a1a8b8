"""From a decoded picture to its fingerprint: luma in strips, orientation per strip, edited forms from a smaller copy.

Colour: everything becomes RGB by Pillow's `convert("RGB")` (alpha and ICC profile are dropped, palette looked up, CMYK
reduced as Pillow does), then luma = (299 R + 587 G + 114 B) / 1000 as float32: the reference's own values. Grey of 16 bit
is the exception: Pillow would clip it to white, so its upper byte is taken, as Pillow does for colour of 16 bit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Transpose

from unseen.fingerprint import pdq
from unseen.fingerprint.limits import PIXELS_MAX
from unseen.fingerprint.pdq import REFERENCE, WHOLE, Drift, Floats, Pdq
from unseen.fingerprint.plane import samples_of
from unseen.fingerprint.reference import exact_samples, exact_spectrum
from unseen.fingerprint.windows import Reduced, reduced_pdq
from unseen.native import kernels

# EXIF orientation 2 to 8 (CIPA DC-008) as the turn that rights the picture.
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
# Each turn as (rows run backwards, columns run backwards, then rows and columns change places) of the picture at hand.
WAYS = {
    None: (False, False, False),
    Transpose.FLIP_LEFT_RIGHT: (False, True, False),
    Transpose.ROTATE_180: (True, True, False),
    Transpose.FLIP_TOP_BOTTOM: (True, False, False),
    Transpose.TRANSPOSE: (False, False, True),
    Transpose.ROTATE_270: (True, False, True),
    Transpose.TRANSVERSE: (True, True, True),
    Transpose.ROTATE_90: (False, True, True),
}
SMALL_SIDE_PIXELS = 384  # edited forms from a copy this small differ by 1 bit on average (measurements.md A2)
_STRIP_ROWS = 96  # as in pdq.py: the strip stays in the cache


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the turn that rights it; turning each strip saves a second copy of 256 MB at 64 MP.

    `image` may not be decoded yet. `samples` (float32[64,64], righted) and `small` (not righted) are there where a kernel
    made them while it read the file; `exact_again` then reads it anew by the reference's steps (None: it cannot).
    `drift`: of the sums that the bits shall equal. A pixel of `image` stands for `shrink` x `shrink` of a file of `size`.
    """

    image: Image.Image
    turn: Transpose | None = None
    samples: Floats | None = None
    small: Image.Image | None = None
    exact_again: Callable[[], Floats | None] | None = None
    drift: Drift = REFERENCE
    shrink: int = 1
    size: tuple[int, int] | None = None

    @property
    def width(self) -> int:
        return self._size[1] if WAYS[self.turn][2] else self._size[0]

    @property
    def height(self) -> int:
        return self._size[0] if WAYS[self.turn][2] else self._size[1]

    @property
    def _size(self) -> tuple[int, int]:
        return self.size or self.image.size

    def strips(self) -> Iterator[NDArray[np.uint8]]:
        """The rows of `image`, not righted: uint8[R,W] of grey or uint8[R,W,3] of colour, a few at a time."""
        width, height = self.image.size
        for top in range(0, height, _STRIP_ROWS):
            yield np.asarray(_rgb(self.image.crop((0, top, width, min(height, top + _STRIP_ROWS)))))

    def luma(self, top: int, bottom: int) -> Floats:
        """Rows [top, bottom) of the righted picture: float32[bottom-top, width]."""
        rows_reversed, columns_reversed, sideways = WAYS[self.turn]
        if columns_reversed if sideways else rows_reversed:
            top, bottom = self.height - bottom, self.height - top
        if sideways:
            strip = self.image.crop((top, 0, bottom, self.image.height))
        else:
            strip = self.image.crop((0, top, self.image.width, bottom))
        if self.turn is not None:
            strip = strip.transpose(self.turn)
        return np.asarray(_rgb(strip).convert("F"), np.float32)

    def small_luma(self) -> Floats:
        """A reduced copy (whole-number factor, plain mean), shortest side at least 384 pixels where there are so many."""
        small = self.small or _reduced(_rgb(self.image))
        turned = small.transpose(self.turn) if self.turn is not None else small
        return np.asarray(turned.convert("F"), np.float32)


def _rgb(image: Image.Image) -> Image.Image:
    """Grey stays grey: its luma is the same number."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def _reduced(image: Image.Image) -> Image.Image:
    factor = min(image.size) // SMALL_SIDE_PIXELS
    return image.reduce(factor) if factor > 1 else image


def pdq_of(picture: Picture) -> Pdq:
    """The reference's bits and quality, always: the fast sum where rounding cannot matter, its own steps elsewhere.

    Of a reduced picture, for which there is no reference, the bits of `windows.reduced_pdq`.
    """
    height, width = picture.height, picture.width
    if min(height, width) < pdq.SIDE_PIXELS_MIN:
        return pdq.EMPTY
    if picture.shrink > 1:
        return _reduced_pdq(picture)
    if height != pdq.SIDE or width != pdq.SIDE:
        value, certain = pdq.judged(_samples(picture), max(height, width), picture.drift)
        if certain:
            return value
        samples = picture.exact_again() if picture.exact_again is not None else None
        # What is too large for Pillow and turned cannot be read in the reference's order; its rounding has the same drift.
        if samples is None and height * width > PIXELS_MAX:
            return value
    else:
        samples = None
    if samples is None:
        samples = exact_samples(picture.luma, height, width)
    return Pdq(pdq.bits(exact_spectrum(samples)), pdq.quality(samples))


def _samples(picture: Picture) -> Floats:
    """float32[64,64] of the righted picture."""
    if picture.samples is not None:
        return picture.samples
    if picture.drift is WHOLE:
        return samples_of(np.asarray(picture.image), WAYS[picture.turn])
    native = kernels()
    if native is None:
        return pdq.sampled(pdq.rows_blurred(picture.luma, 0, picture.height), 0, picture.width)
    width, height = picture.image.size
    sampler = native.Sampler(height, width, *WAYS[picture.turn])
    for strip in picture.strips():
        sampler.rows(strip)
    made: Floats = sampler.samples()
    return made


def _reduced_pdq(picture: Picture) -> Pdq:
    """Blocks are counted from the file's own corner, so after a turn the first may be the one that lacks pixels."""
    rows_reversed, columns_reversed, sideways = WAYS[picture.turn]
    if sideways:
        rows_reversed, columns_reversed = columns_reversed, rows_reversed
    image = picture.image if picture.turn is None else picture.image.transpose(picture.turn)
    down = Reduced(picture.height, picture.shrink, -picture.height % picture.shrink if rows_reversed else 0)
    across = Reduced(
        picture.width, picture.shrink, -picture.width % picture.shrink if columns_reversed else 0
    )
    return reduced_pdq(np.asarray(image), down, across)
