"""A picture is found inside its frame: borders, pages, a second picture beside it, a photograph behind it."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from unseen.fingerprint.content_boxes import Box, content_boxes
from unseen.fingerprint.picture import Picture
from unseen.testing.media import FOLDER as MEDIA

MOST = 8


def found(image: Image.Image, where: Box) -> bool:
    """Whether a guess lies within 1 % of the true box."""
    guesses = content_boxes(Picture(image).small_luma(), MOST)
    slack_x, slack_y = 0.01 * (where.right - where.left), 0.01 * (where.bottom - where.top)
    return any(
        max(abs(box.left - where.left), abs(box.right - where.right)) <= slack_x
        and max(abs(box.top - where.top), abs(box.bottom - where.bottom)) <= slack_y
        for box in guesses
    )


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 30, 60)])
def test_inside_a_flat_border(colour: tuple[int, int, int], photo: Image.Image) -> None:
    framed = ImageOps.expand(photo, (40, 70), colour)
    assert found(framed, Box(40, 70, 40 + photo.width, 70 + photo.height))


def test_beside_another_picture_without_a_gap(photo: Image.Image) -> None:
    pair = Image.new("RGB", (2 * photo.width, photo.height))
    pair.paste(photo, (0, 0))
    pair.paste(Image.open(MEDIA / "photos" / "red-barn.jpg").resize(photo.size), (photo.width, 0))
    assert found(pair, Box(0, 0, photo.width, photo.height))


def test_on_another_picture(photo: Image.Image) -> None:
    behind = ImageOps.invert(ImageOps.flip(photo)).resize((int(photo.width * 1.6), int(photo.height * 1.6)))
    behind.paste(photo, (90, 60))
    assert found(behind, Box(90, 60, 90 + photo.width, 60 + photo.height))


@pytest.mark.parametrize("shape", [(64, 64), (5, 900), (900, 16), (384, 384)])
@pytest.mark.parametrize("level", [0.0, 128.0, 255.0])
def test_a_blank_picture_has_nothing_inside(shape: tuple[int, int], level: float) -> None:
    assert content_boxes(np.full(shape, level, np.float32), MOST) == ()


def test_noise_gives_few_guesses_and_none_is_the_whole() -> None:
    noise = np.random.default_rng(1).uniform(0, 255, (300, 400)).astype(np.float32)
    guesses = content_boxes(noise, MOST)
    assert len(guesses) <= MOST
    assert Box(0, 0, 400, 300) not in guesses
