"""Pictures made by the tests, and one small pool of children for all of them."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from unseen.fingerprint import DecoderPool
from unseen.native.tests.forced import INSTRUCTION_SETS, kernels_forced
from unseen.testing.media import FOLDER as MEDIA


@pytest.fixture(scope="module", params=INSTRUCTION_SETS)
def compiled(request: pytest.FixtureRequest) -> Iterator[str]:
    """As with UNSEEN_NATIVE set to each instruction set; skipped where this machine has not got it."""
    with kernels_forced(request.param):
        yield request.param


@pytest.fixture(scope="session")
def luma(photo: Image.Image) -> NDArray[np.float32]:
    """The photograph's luma."""
    return np.asarray(photo.convert("F"), np.float32)


@pytest.fixture(scope="session")
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(1)
    yield made
    made.close()


@pytest.fixture(scope="session")
def photo() -> Image.Image:
    """A photograph of 256 x 171 pixels."""
    with Image.open(MEDIA / "photos" / "macaws.jpg") as image:
        return image.convert("RGB").resize((256, 171))


@pytest.fixture(scope="session")
def noise() -> Image.Image:
    values = np.random.default_rng(7).integers(0, 256, (40, 60, 3), np.uint8)
    return Image.fromarray(values)
