"""Bars and frames around a picture are found; a picture without any, and a flat one, have none."""

import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint.frame_border import inside_border


def noise(height: int, width: int) -> NDArray[np.float32]:
    return np.random.default_rng(5).uniform(0, 255, (height, width)).astype(np.float32)


def test_bars_and_an_edge_are_cut_off() -> None:
    assert inside_border(np.pad(noise(60, 100), ((20, 18), (0, 0)))) == (0, 20, 100, 80)
    assert inside_border(np.pad(noise(60, 100), 9, constant_values=240)) == (9, 9, 109, 69)


def test_a_picture_without_a_border_and_a_flat_one_have_none() -> None:
    assert inside_border(noise(60, 100)) is None
    assert inside_border(np.full((60, 100), 20, np.float32)) is None
