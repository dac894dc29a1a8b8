"""The kernels of each instruction set in turn, and fingerprints that lean together as those of real pictures do."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from unseen.fingerprint import pdq
from unseen.native.tests.forced import INSTRUCTION_SETS, kernels_forced
from unseen.testing.media import PHOTOS


@pytest.fixture(scope="module", params=["off", *INSTRUCTION_SETS])
def every_kernel(request: pytest.FixtureRequest) -> Iterator[str]:
    """Search as with UNSEEN_NATIVE set to each of its values; skipped where this machine has not got it."""
    with kernels_forced(request.param):
        yield request.param


@pytest.fixture(scope="module", params=INSTRUCTION_SETS)
def compiled(request: pytest.FixtureRequest) -> Iterator[object]:
    """The module `unseen_native`, forced to each instruction set."""
    with kernels_forced(request.param) as module:
        yield module


@pytest.fixture(scope="session")
def crops() -> NDArray[np.uint8]:
    """PDQ of overlapping crops of the shipped photographs, uint8[N,32]: many are near each other."""
    made = []
    for path in PHOTOS[:4]:
        with Image.open(path) as image:
            luma = np.asarray(image.convert("L").resize((160, 120)), np.float32)
        for top in range(0, 40, 4):
            for left in range(0, 60, 6):
                part = luma[top : top + 80, left : left + 100]
                samples = pdq.sampled(pdq.rows_blurred(partial(_rows, part), 0, 80), 0, 100)
                made.append(pdq.bits(pdq.spectrum(samples)))
    return np.frombuffer(b"".join(made), np.uint8).reshape(-1, 32)


def _rows(luma: NDArray[np.float32], top: int, bottom: int) -> NDArray[np.float32]:
    return luma[top:bottom]
