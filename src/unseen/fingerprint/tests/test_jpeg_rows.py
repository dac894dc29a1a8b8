"""A JPEG read row by row: the same bits as from Pillow's pixels, however it is turned, coded or broken; little memory."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

import unseen.native
from unseen.fingerprint import jpeg, pdq
from unseen.fingerprint.decode_picture import opened, still
from unseen.fingerprint.limits import PIXELS_MAX
from unseen.fingerprint.model import FingerprintError, Pixels
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.fingerprint.reference import exact_samples
from unseen.native import kernels

pytestmark = pytest.mark.thorough

needs_libjpeg = pytest.mark.skipif(not jpeg.is_read(), reason="the kernels were built without libjpeg-turbo")
ORIENTATION = 0x0112


def coded(image: Image.Image, orientation: int = 1, **options: Any) -> bytes:
    exif, file = Image.Exif(), BytesIO()
    exif[ORIENTATION] = orientation
    image.save(file, "JPEG", exif=exif, quality=85, **options)
    return file.getvalue()


def read(data: bytes, pixels: Pixels = Pixels.EXACT, small: bool = False) -> Picture:
    return still(opened(data, "JPEG"), data, pixels, small)


@pytest.fixture(scope="module")
def large(photo: Image.Image) -> Image.Image:
    """Large enough to be reduced by 2; its sides are no multiples of a block, so a turned one begins with a part."""
    return photo.resize((999, 743))


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("pixels", list(Pixels))
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_kernel_and_orientation_gives_numpys_fingerprint(
    orientation: int, pixels: Pixels, large: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = coded(large, orientation)
    found = read(data, pixels, small=True)
    value, small, size = pdq_of(found), found.small_luma(), (found.width, found.height)
    with monkeypatch.context() as patch:
        patch.setattr(unseen.native, "_MODULE", None)
        expected = read(data, pixels)
        assert expected.samples is None
        assert pdq_of(expected) == value
    assert size == (expected.width, expected.height) == (large.size if orientation < 5 else large.size[::-1])
    assert np.array_equal(expected.small_luma(), small)


@needs_libjpeg
@pytest.mark.parametrize(
    "options",
    [{"subsampling": each} for each in range(3)] + [{"progressive": True}, {"restart_marker_rows": 1}],
    ids=str,
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("size", [(256, 171), (64, 64), (65, 5), (5, 300), (17, 16)], ids=str)
def test_every_plain_coding_is_read_in_rows(
    mode: str, size: tuple[int, int], options: dict[str, Any], photo: Image.Image
) -> None:
    data = coded(photo.convert(mode).resize(size), **options)
    found = read(data, small=True)
    assert found.samples is not None
    with Image.open(BytesIO(data)) as image:
        decoded = Picture(image.convert("RGB"))
    assert pdq_of(found) == pdq_of(decoded)
    assert np.array_equal(found.small_luma(), decoded.small_luma())


@needs_libjpeg
def test_what_is_no_plain_jpeg_is_left_to_pillow(photo: Image.Image) -> None:
    whole = coded(photo)
    damaged = whole[: len(whole) // 2] + b"\xff\xd9"
    for data in (coded(photo.convert("CMYK")), damaged, whole[:-2]):
        assert kernels().jpeg_samples(data, (0, 0), True, False, False, False, 0, PIXELS_MAX) is None  # type: ignore[union-attr]
    assert read(coded(photo.convert("CMYK"))).samples is None
    with pytest.raises(OSError, match="truncated"):
        read(whole[: len(whole) // 2])


@needs_libjpeg
def test_a_file_of_another_size_than_was_checked_is_refused(photo: Image.Image) -> None:
    native, data = kernels(), coded(photo)
    assert native is not None
    for size, found in ((photo.size, True), ((0, 0), True), ((256, 170), False), ((255, 171), False)):
        assert (
            native.jpeg_samples(data, size, True, False, False, False, 0, PIXELS_MAX) is not None
        ) is found
        assert (native.jpeg_reference(data, size, True, PIXELS_MAX) is not None) is found
        assert (native.jpeg_reduced(data, size, 2, PIXELS_MAX) is not None) is found


@needs_libjpeg
def test_more_pixels_are_read_in_rows_than_whole() -> None:
    size = (12_000, 6_000)
    assert size[0] * size[1] > PIXELS_MAX
    grey = Image.new("L", size, 90)
    found = read(coded(grey), small=True)
    assert pdq_of(found).quality == 0
    assert found.small_luma().shape == (400, 800)
    with pytest.raises(FingerprintError, match="at most 64 million"):
        read(coded(grey, progressive=True))


def test_luma_and_reduced_fingerprints_are_near_the_exact_one(large: Image.Image) -> None:
    data = coded(large)
    exact = int.from_bytes(pdq_of(read(data)).value)
    for pixels in (Pixels.LUMA, Pixels.SCALED):
        assert (exact ^ int.from_bytes(pdq_of(read(data, pixels)).value)).bit_count() <= 8


@pytest.mark.usefixtures("compiled")
def test_strips_of_a_decoded_picture_give_numpys_samples(photo: Image.Image) -> None:
    for mode in ("RGB", "L", "RGBA"):
        image = photo.convert(mode)
        sampler = kernels().Sampler(image.height, image.width, False, False, False)  # type: ignore[union-attr]
        for strip in Picture(image).strips():
            sampler.rows(strip)
        expected = pdq.sampled(pdq.rows_blurred(Picture(image).luma, 0, image.height), 0, image.width)
        assert np.abs(sampler.samples() - expected).max() < 1e-3
    padded = kernels().Sampler(photo.height, photo.width, False, False, False)  # type: ignore[union-attr]
    padded.rows(np.asarray(photo.convert("RGBX")))
    assert np.array_equal(padded.samples(), sampler.samples())


def test_kernels_refuse_wrong_rows() -> None:
    native = kernels()
    if native is None:
        pytest.skip("no kernels here")
    sampler = native.Sampler(10, 10, False, False, False)
    with pytest.raises(ValueError, match="not rows of this picture"):
        sampler.rows(np.zeros((2, 11), np.uint8))
    with pytest.raises(RuntimeError, match="missing"):
        sampler.samples()
    sampler.rows(np.zeros((10, 10), np.uint8))
    with pytest.raises(RuntimeError, match="too many"):
        sampler.rows(np.zeros((1, 10), np.uint8))
    with pytest.raises(ValueError, match="not the size"):
        native.reduced_spectrum(np.zeros((10, 10), np.uint8), (30, 2, 0), (20, 2, 0))


@pytest.mark.parametrize("size", [(5, 5), (65, 64), (128, 129), (130, 700), (333, 257)], ids=str)
def test_the_kernels_take_the_references_steps_in_numpys_order(
    size: tuple[int, int], photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = Picture(photo.resize(size))
    with monkeypatch.context() as patch:
        patch.setattr(unseen.native, "_MODULE", None)
        expected = exact_samples(picture.luma, picture.height, picture.width)
    assert np.array_equal(exact_samples(picture.luma, picture.height, picture.width), expected)
    if jpeg.is_read():
        data = coded(photo.resize(size))
        again, decoded = read(data).exact_again, Picture(Image.open(BytesIO(data)))
        assert again is not None
        found = again()
        assert found is not None
        assert np.array_equal(found, exact_samples(decoded.luma, decoded.height, decoded.width))


def test_an_uncertain_picture_gets_the_references_bits(
    photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = [coded(photo, orientation) for orientation in (1, 6)]
    certain = [pdq_of(read(each)) for each in data]
    monkeypatch.setattr(jpeg, "REFERENCE", pdq.Drift(1e9, 1e9))
    assert [pdq_of(read(each)) for each in data] == certain
