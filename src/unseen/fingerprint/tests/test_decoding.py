"""Every format, colour mode and orientation gives the fingerprint of the picture as a person sees it."""

import hashlib
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageOps

from unseen.fingerprint import Ask, DecoderPool, Forms, ImageFingerprint, VideoFingerprint, Want
from unseen.fingerprint.picture import TURNS, Picture, pdq_of
from unseen.testing.media import FOLDER as MEDIA

pytestmark = pytest.mark.thorough


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_format_gives_the_fingerprint_of_its_decoded_pixels(
    form: str, pool: DecoderPool, photo: Image.Image
) -> None:
    data = saved(photo, form)
    answer = pool.fingerprint(data)
    assert isinstance(answer, ImageFingerprint)
    here = pdq_of(Picture(Image.open(BytesIO(data)).convert("RGB")))
    assert (answer.pdq, answer.quality) == (here.value.hex(), here.quality)
    assert (answer.width, answer.height) == photo.size
    assert answer.sha256 == hashlib.sha256(data).hexdigest()


def test_heic_is_decoded(pool: DecoderPool, photo: Image.Image) -> None:
    file = BytesIO()
    pillow_heif.from_pillow(photo).save(file, quality=80)
    answer = pool.fingerprint(file.getvalue())
    assert isinstance(answer, ImageFingerprint)
    assert bits_apart(answer.pdq, pdq_of(Picture(photo)).value.hex()) <= 10


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_a_colour_mode_counts_as_what_pillow_makes_of_it_in_rgb(
    mode: str, pool: DecoderPool, photo: Image.Image
) -> None:
    data = saved(photo.convert(mode), "PNG")
    answer = pool.fingerprint(data)
    assert isinstance(answer, ImageFingerprint)
    assert answer.pdq == pdq_of(Picture(Image.open(BytesIO(data)).convert("RGB"))).value.hex()


@pytest.mark.parametrize("turn", [None, *TURNS.values()])
def test_grey_of_16_bit_counts_as_the_same_grey_of_8_bit(
    turn: Image.Transpose | None, pool: DecoderPool, photo: Image.Image
) -> None:
    grey = photo.convert("L")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    answer = pool.fingerprint(saved(deep, "PNG"), Ask(forms=Forms.BANK))
    expected = pool.fingerprint(saved(grey, "PNG"), Ask(forms=Forms.BANK))
    assert isinstance(answer, ImageFingerprint)
    assert isinstance(expected, ImageFingerprint)
    assert (answer.pdq, answer.variants) == (expected.pdq, expected.variants)
    assert (Picture(deep, turn).luma(3, 11) == Picture(grey, turn).luma(3, 11)).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int, pool: DecoderPool, photo: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(photo, "JPEG", quality=95, exif=exif)
    answer = pool.fingerprint(data)
    righted = ImageOps.exif_transpose(Image.open(BytesIO(data)))
    assert isinstance(answer, ImageFingerprint)
    assert (answer.width, answer.height) == righted.size
    assert answer.pdq == pdq_of(Picture(righted)).value.hex()


@pytest.mark.parametrize("turn", TURNS.values())
def test_a_turned_strip_is_the_strip_of_the_turned_picture(turn: Image.Transpose, noise: Image.Image) -> None:
    turned = noise.transpose(turn)
    ours = Picture(noise, turn)
    assert (ours.width, ours.height) == turned.size
    assert (ours.luma(3, 11) == Picture(turned).luma(3, 11)).all()


def test_an_animated_picture_is_a_video_and_its_first_frame_an_image(
    pool: DecoderPool, photo: Image.Image
) -> None:
    frames = [photo, ImageOps.mirror(photo), ImageOps.flip(photo)]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=700, lossless=True)
    video = pool.fingerprint(data)
    assert isinstance(video, VideoFingerprint)
    assert [frame.at_s for frame in video.frames] == [0.0, 0.7, 1.4]  # each is a new scene
    assert video.duration_s == pytest.approx(2.1)
    still = pool.fingerprint(data, Ask(want=Want.IMAGE))
    assert isinstance(still, ImageFingerprint)
    assert still.pdq == video.frames[0].pdq == pdq_of(Picture(photo)).value.hex()


def test_a_video_gives_one_frame_a_second_with_its_time(pool: DecoderPool) -> None:
    video = pool.fingerprint(str(MEDIA / "videos" / "stream-of-water.mp4"), Ask(forms=Forms.QUERY))
    assert isinstance(video, VideoFingerprint)
    assert [int(frame.at_s) for frame in video.frames] == [0, 1, 2]
    assert video.duration_s == pytest.approx(3.0, abs=0.1)
    assert all(frame.quality >= 50 and frame.variants[0].name == "mirror" for frame in video.frames)


def test_a_tiny_picture_has_an_empty_fingerprint_of_quality_zero(
    pool: DecoderPool, noise: Image.Image
) -> None:
    answer = pool.fingerprint(saved(noise.resize((4, 4)), "PNG"), Ask(forms=Forms.BANK))
    assert isinstance(answer, ImageFingerprint)
    assert (answer.pdq, answer.quality, answer.variants) == ("0" * 64, 0, ())
