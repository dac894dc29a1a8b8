"""Boxes of one plane: NumPy follows the method of `pdq.py`, and every kernel gives NumPy's coefficients, bits and qualities."""

import numpy as np
import pytest
from numpy.typing import NDArray

from unseen.fingerprint import pdq
from unseen.fingerprint.windows import _spectra, bits_of, spectra, turned

Floats = NDArray[np.float32]
RANDOM = np.random.default_rng(3)


def rows_of(part: Floats) -> pdq.Luma:
    return lambda first, last: part[first:last]


def planes(luma: Floats) -> dict[str, Floats]:
    middle = np.abs(np.arange(-150.0, 150))
    return {
        "photograph": luma,
        "noise": RANDOM.uniform(0, 255, (97, 300)).astype(np.float32),
        "flat": np.full((80, 70), 77.7, np.float32),
        "slope": np.tile(np.arange(200, dtype=np.float32), (30, 1)),
        "alike from all sides": (np.add.outer(middle, middle) % 256).astype(np.float32),
        "smallest": RANDOM.integers(0, 256, (5, 5)).astype(np.float32),
        "a ribbon": RANDOM.uniform(0, 255, (6, 9000)).astype(np.float32),
        "outside the range": np.array([[np.nan, -3, 300, 1, 2]] * 7, np.float32),
    }


def boxes_in(plane: Floats, count: int = 12) -> NDArray[np.int32]:
    height, width = plane.shape
    made = [(0, 0, width, height), (width - 5, height - 5, width, height), (0, 0, width, 5)]
    while len(made) < count:
        left, top = RANDOM.integers(0, width - 4), RANDOM.integers(0, height - 4)
        made.append((left, top, RANDOM.integers(left + 5, width + 1), RANDOM.integers(top + 5, height + 1)))
    return np.array(made, np.int32)


@pytest.mark.usefixtures("compiled")
def test_every_kernel_gives_the_values_of_numpy(luma: Floats) -> None:
    for name, plane in planes(luma).items():
        boxes = boxes_in(plane)
        expected, qualities = _spectra(plane, boxes)
        found, found_qualities = spectra(plane, boxes)
        assert np.array_equal(found, expected), name
        assert np.array_equal(found_qualities, qualities), name
        assert [each.tobytes() for each in bits_of(found)] == [pdq.bits(each) for each in expected], name


def test_a_box_has_the_fingerprint_of_its_pixels(luma: Floats) -> None:
    boxes = boxes_in(luma)
    boxes = boxes[np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) >= 64]
    coefficients, qualities = spectra(luma, boxes)
    for (left, top, right, bottom), found, quality in zip(boxes, coefficients, qualities, strict=True):
        part = luma[top:bottom, left:right]
        samples = pdq.sampled(pdq.rows_blurred(rows_of(part), 0, len(part)), 0, right - left)
        assert np.abs(found - pdq.spectrum(samples)).max() < 0.05
        assert abs(int(quality) - pdq.quality(samples)) <= 1


def test_turned_spectra_are_those_of_the_eight_forms(luma: Floats) -> None:
    coefficients, _ = spectra(luma, boxes_in(luma))
    for number, each in enumerate(coefficients):
        for name, value in pdq.dihedral(each).items():
            assert bits_of(turned(coefficients, name))[number].tobytes() == value


@pytest.mark.parametrize(
    "box",
    [(0, 0, 4, 9), (0, 0, 9, 4), (-1, 0, 9, 9), (0, -1, 9, 9), (0, 0, 11, 9), (0, 0, 9, 11), (9, 0, 0, 9)],
)
def test_a_box_outside_the_plane_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="outside the plane"):
        spectra(np.zeros((10, 10), np.float32), np.array([box], np.int32))


def test_no_boxes_give_nothing() -> None:
    coefficients, qualities = spectra(np.zeros((10, 10), np.float32), np.empty((0, 4), np.int32))
    assert (coefficients.shape, qualities.shape) == ((0, 16, 16), (0,))
    assert bits_of(coefficients).shape == (0, 32)
