"""What one frame of a film shows: its fingerprint, its 64 x 64 samples, and a small copy for edited forms."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint import pdq
from unseen.fingerprint.pdq import Floats
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.fingerprint.plane import QUARTER_TURNS, Plane, samples_of, small

SMALL_SIDE_PIXELS = 192  # frames have many edited forms and are many; PDQ reads 64 samples a side
_BLACK, _RANGE = 16.0, 219.0  # ITU-R BT.601 and BT.709: limited-range luma is 16 for black, 235 for white
# A title card, a fade, a credit roll: most of the samples lie in one band of levels. Of 2,500 unrelated photographs and the
# frames of all films at hand none but such frames reaches it (benchmarks/video).
_PLAIN_BAND_LEVELS = 16
_PLAIN_SHARE = 0.80
_FLAT_LEVELS = 16.0  # a border after compression spreads over fewer


@dataclass(frozen=True)
class Look:
    """`value` as `pdq.Pdq.value`; `luma` gives the righted frame, float32[h, w], its shorter side at 192 pixels or a
    little more; `rate` its quality.
    """

    value: bytes
    coefficients: NDArray[np.float64]
    samples: Floats
    rate: Callable[[], int]
    luma: Callable[[], Floats]

    @cached_property
    def quality(self) -> int:
        """0 to 100, below 50 where the frame is nearly blank."""
        return self.rate()

    @property
    def flat_edge(self) -> bool:
        """Whether an outermost line of samples is of one level, as along a border. Cheap, and never wrong on the safe side."""
        edges = (self.samples[0], self.samples[-1], self.samples[:, 0], self.samples[:, -1])
        return any(float(np.ptp(edge)) <= _FLAT_LEVELS for edge in edges)

    @property
    def mirrored(self) -> bytes:
        """The fingerprint of the frame mirrored left to right, by sign changes in the spectrum."""
        return pdq.bits(self.coefficients * np.where(np.arange(16) % 2 == 1, 1.0, -1.0))


def look_at_plane(plane: Plane, quarter_turns: int, full_range: bool) -> Look:
    """Straight from a decoder's luma. The bits ignore brightness and contrast; the quality does not, so it is taken
    from luma in full range.
    """
    samples = samples_of(plane, QUARTER_TURNS[quarter_turns % 4])
    coefficients = pdq.spectrum(samples)

    def rate() -> int:
        shown = samples if full_range else (samples - np.float32(_BLACK)) * np.float32(255 / _RANGE)
        return honest_quality(_quality(shown), shown)

    return Look(
        pdq.bits(coefficients),
        coefficients,
        samples,
        rate,
        lambda: np.rot90(small(plane, SMALL_SIDE_PIXELS), quarter_turns).astype(np.float32),
    )


def look_at_picture(picture: Picture) -> Look:
    """Any other frame, through Pillow, as a still picture of it is fingerprinted."""
    value = pdq_of(picture)
    if min(picture.width, picture.height) < pdq.SIDE_PIXELS_MIN:
        return Look(
            value.value, np.zeros((16, 16)), np.zeros((64, 64), np.float32), lambda: 0, picture.small_luma
        )
    samples = pdq.sampled(pdq.rows_blurred(picture.luma, 0, picture.height), 0, picture.width)
    return Look(
        value.value,
        pdq.spectrum(samples),
        samples,
        lambda: honest_quality(value.quality, samples),
        picture.small_luma,
    )


def _quality(samples: Floats) -> int:
    """As `pdq.quality`, in half the time; a sample's rounding may shift a step, which no reference fixes for films."""
    percent = samples * np.float32(100 / 255)
    total = 0.0
    for steps in (percent[1:] - percent[:-1], percent[:, 1:] - percent[:, :-1]):
        total += float(np.abs(np.trunc(steps, out=steps), out=steps).sum())
    return min(100, int(total) // 90)


def honest_quality(quality: int, samples: Floats) -> int:
    """At most 49 for a nearly blank frame: a title on black is sharp enough for PDQ, and like every other title."""
    return min(quality, QUALITY_MIN - 1) if is_plain(samples) else quality


def is_plain(samples: Floats) -> bool:
    """Whether one band of 16 levels holds four fifths of the 64 x 64 samples."""
    steps = np.clip(samples / (_PLAIN_BAND_LEVELS / 2), 0, 31).astype(np.intp)
    counts = np.bincount(steps.ravel(), minlength=33)
    return bool((counts[:-1] + counts[1:]).max() >= _PLAIN_SHARE * samples.size)
