"""Pictures made by the tests, and one small pool of children for all of them."""

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from unseen.fingerprint import DecoderPool
from unseen.testing.media import FOLDER as MEDIA


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
