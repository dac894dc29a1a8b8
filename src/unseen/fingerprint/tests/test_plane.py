"""Samples of a plane of luma: the same bits from every kernel and from NumPy, as PDQ's own operator within rounding."""

import numpy as np
import pytest

import unseen.native
from unseen.fingerprint import pdq
from unseen.fingerprint.plane import QUARTER_TURNS, samples_of, small, weights
from unseen.native.tests.forced import kernels_forced

Samples = dict[tuple[int, int, int], np.ndarray[tuple[int, ...], np.dtype[np.float32]]]


def plane(height: int, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Noise with rows that lie apart, as a decoder leaves them."""
    return np.random.default_rng(height).integers(0, 256, (height, width + 24), np.uint8)[:, :width]


PLANES = [
    (height, width, turns)
    for height, width in ((5, 5), (64, 64), (37, 131), (240, 427))
    for turns in range(4)
]


@pytest.fixture(scope="module")
def by_numpy() -> Samples:
    with kernels_forced("off"):
        return {(h, w, turns): samples_of(plane(h, w), QUARTER_TURNS[turns]) for h, w, turns in PLANES}


@pytest.mark.parametrize(("height", "width", "turns"), PLANES)
def test_numpy_follows_the_method(height: int, width: int, turns: int, by_numpy: Samples) -> None:
    turned = np.rot90(plane(height, width), turns).astype(np.float32)
    rows = pdq.rows_blurred(lambda first, last: turned[first:last], 0, len(turned))
    if turned.shape != (64, 64):  # there PDQ takes the pixels as they are
        assert np.abs(pdq.sampled(rows, 0, turned.shape[1]) - by_numpy[height, width, turns]).max() < 0.02


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(("height", "width", "turns"), PLANES)
def test_kernels_equal_numpy(height: int, width: int, turns: int, by_numpy: Samples) -> None:
    made = samples_of(plane(height, width), QUARTER_TURNS[turns])
    assert (made == by_numpy[height, width, turns]).all()


def test_weights_add_up_to_one() -> None:
    for length in (5, 63, 64, 1080, 4096):
        assert (weights(length).values.sum(axis=1) == 1 << 16).all()


def test_rows_of_another_plane_are_refused() -> None:
    kernels = unseen.native.kernels()
    if kernels is None:
        pytest.skip("no kernels here")
    sampler = kernels.Sampler(20, 30, False, False, False, whole=True)
    with pytest.raises(ValueError, match="not rows of this picture"):
        sampler.rows(plane(20, 31))
    with pytest.raises(ValueError, match="lie apart"):
        sampler.rows(plane(30, 20).T)


def test_a_small_copy_is_the_mean_of_blocks() -> None:
    luma = plane(40, 61)
    made = small(luma, 20)
    assert made.shape == (20, 30)
    assert made[3, 4] == int(luma[6:8, 8:10].astype(int).sum()) // 4
    assert small(luma, 21) is luma
