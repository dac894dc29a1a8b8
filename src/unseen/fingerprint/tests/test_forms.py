"""A copy that was mirrored, cropped along the usual lines and saved again is found by the forms that a bank keeps."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from unseen.fingerprint import Ask, DecoderPool, Forms, ImageFingerprint
from unseen.fingerprint.forms import Box, bank_forms, crop_boxes, query_forms, without_border
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.testing.media import FOLDER as MEDIA

PHOTOS = ["red-barn.jpg", "caps.jpg", "lone-tree.jpg"]


def copied(image: Image.Image, percent: tuple[float, float, float, float]) -> bytes:
    left, top, right, bottom = (share / 100 for share in percent)
    width, height = image.size
    box = (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - bottom)))
    file = BytesIO()
    ImageOps.mirror(image.crop(box)).resize((400, 300)).save(file, "JPEG", quality=60)
    return file.getvalue()


def nearest_bits(query: ImageFingerprint, kept: ImageFingerprint) -> int:
    asked = int(query.pdq, 16)
    return min(
        (asked ^ int(pdq, 16)).bit_count() for pdq in (kept.pdq, *(form.pdq for form in kept.variants))
    )


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("cut", [(7, 7, 7, 7), (6, 0, 0, 0), (0, 7, 0, 0), (7, 0, 7, 0), (0, 6.5, 6.5, 0)])
def test_a_mirrored_cropped_and_saved_copy_is_found(
    name: str, cut: tuple[float, float, float, float], pool: DecoderPool
) -> None:
    path = MEDIA / "photos" / name
    kept = pool.fingerprint(path, Ask(forms=Forms.BANK))
    copy = pool.fingerprint(copied(Image.open(path), cut))
    assert isinstance(kept, ImageFingerprint)
    assert isinstance(copy, ImageFingerprint)
    assert (int(copy.pdq, 16) ^ int(kept.pdq, 16)).bit_count() > 31, "the plain fingerprint would do"
    assert nearest_bits(copy, kept) <= 31


def test_the_mirror_form_is_the_fingerprint_of_the_mirrored_picture(photo: Image.Image) -> None:
    mirror = {form.name: form.pdq for form in bank_forms(Picture(photo).small_luma())}["mirror"]
    assert mirror == pdq_of(Picture(ImageOps.mirror(photo))).value.hex()


def test_a_crop_form_is_the_fingerprint_of_the_cropped_picture(photo: Image.Image) -> None:
    forms = {form.name: form.pdq for form in bank_forms(Picture(photo).small_luma())}
    for name, box in crop_boxes(*photo.size).items():
        cropped = photo.crop((box.left, box.top, box.right, box.bottom))
        assert forms[name] == pdq_of(Picture(cropped)).value.hex()
        assert forms[f"mirror+{name}"] == pdq_of(Picture(ImageOps.mirror(cropped))).value.hex()


def test_forms_of_low_quality_are_left_out() -> None:
    flat = np.full((200, 300), 90, np.float32)
    assert bank_forms(flat) == ()
    assert query_forms(flat) == ()


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 30, 60)])
def test_a_flat_border_is_found_to_the_pixel(colour: tuple[int, int, int], photo: Image.Image) -> None:
    framed = Picture(ImageOps.expand(photo, (12, 20), colour)).small_luma()
    width, height = photo.size
    found = without_border(framed)
    assert abs(found.left - 12) <= 1
    assert abs(found.top - 20) <= 1
    assert abs(found.right - 12 - width) <= 1
    assert abs(found.bottom - 20 - height) <= 1
    assert {form.name for form in query_forms(framed)} == {"mirror", "trim", "mirror+trim"}


def test_a_picture_without_a_border_stays_whole(photo: Image.Image) -> None:
    luma = Picture(photo).small_luma()
    assert without_border(luma) == Box(0, 0, *photo.size)
