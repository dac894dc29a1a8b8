"""From a decoded picture to its fingerprint: luma in strips, orientation per strip, edited forms from a smaller copy.

Colour: everything becomes RGB by Pillow's `convert("RGB")` (alpha and ICC profile are dropped, palette looked up, CMYK
reduced as Pillow does), then luma = (299 R + 587 G + 114 B) / 1000 as float32: the reference's own values. Grey of 16 bit
is the exception: Pillow would clip it to white, so its upper byte is taken, as Pillow does for colour of 16 bit.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image
from PIL.Image import Transpose

from unseen.fingerprint import pdq
from unseen.fingerprint.pdq import Floats, Pdq
from unseen.fingerprint.reference import exact_samples, exact_spectrum

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
_SIDEWAYS = {Transpose.TRANSPOSE, Transpose.ROTATE_270, Transpose.TRANSVERSE, Transpose.ROTATE_90}
_FROM_THE_END = {Transpose.ROTATE_180, Transpose.FLIP_TOP_BOTTOM, Transpose.TRANSVERSE, Transpose.ROTATE_90}
_SMALL_SIDE_PIXELS = (
    384  # edited forms from a copy this small differ by 1 bit on average (measurements.md A2)
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture and the turn that rights it; turning each strip saves a second copy of 256 MB at 64 MP."""

    image: Image.Image
    turn: Transpose | None = None

    @property
    def width(self) -> int:
        return self.image.height if self.turn in _SIDEWAYS else self.image.width

    @property
    def height(self) -> int:
        return self.image.width if self.turn in _SIDEWAYS else self.image.height

    def luma(self, top: int, bottom: int) -> Floats:
        """Rows [top, bottom) of the righted picture: float32[bottom-top, width]."""
        if self.turn in _FROM_THE_END:
            top, bottom = self.height - bottom, self.height - top
        if self.turn in _SIDEWAYS:
            strip = self.image.crop((top, 0, bottom, self.image.height))
        else:
            strip = self.image.crop((0, top, self.image.width, bottom))
        if self.turn is not None:
            strip = strip.transpose(self.turn)
        return np.asarray(_rgb(strip).convert("F"), np.float32)

    def small_luma(self) -> Floats:
        """A reduced copy (whole-number factor, plain mean), shortest side at least 384 pixels where there are so many."""
        factor = min(self.image.size) // _SMALL_SIDE_PIXELS
        image = _rgb(self.image)
        small = image.reduce(factor) if factor > 1 else image
        turned = small.transpose(self.turn) if self.turn is not None else small
        return np.asarray(turned.convert("F"), np.float32)


def _rgb(image: Image.Image) -> Image.Image:
    """Grey stays grey: its luma is the same number."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def pdq_of(picture: Picture) -> Pdq:
    """The reference's bits and quality, always: the fast sum where rounding cannot matter, its own steps elsewhere."""
    height, width = picture.height, picture.width
    if min(height, width) < pdq.SIDE_PIXELS_MIN:
        return pdq.EMPTY
    if height != pdq.SIDE or width != pdq.SIDE:
        samples = pdq.sampled(pdq.rows_blurred(picture.luma, 0, height), 0, width)
        coefficients = pdq.spectrum(samples)
        if not pdq.uncertain(samples, coefficients, max(height, width)):
            return Pdq(pdq.bits(coefficients), pdq.quality(samples))
    samples = exact_samples(picture.luma, height, width)
    return Pdq(pdq.bits(exact_spectrum(samples)), pdq.quality(samples))
