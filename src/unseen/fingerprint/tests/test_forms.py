"""An edited copy is found: by its one plain fingerprint among the forms that a bank keeps, or by its parts."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from unseen.domain.fingerprint import VARIANT_NAME
from unseen.domain.limits import RADIUS_BITS, REGIONS_RADIUS_BITS
from unseen.fingerprint import Ask, DecoderPool, Forms, ImageFingerprint
from unseen.fingerprint.bank_plan import PLAN
from unseen.fingerprint.forms import bank_forms, query_forms
from unseen.fingerprint.model import Variant
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.fingerprint.planned import forms_of, planned
from unseen.testing.media import FOLDER as MEDIA

pytestmark = pytest.mark.thorough

PHOTOS = ["red-barn.jpg", "caps.jpg", "lone-tree.jpg"]
Edit = Callable[[Image.Image], Image.Image]


def cut(left: float, top: float, right: float, bottom: float) -> Edit:
    def made(image: Image.Image) -> Image.Image:
        width, height = image.size
        sides = (width * left, height * top, width * (1 - right), height * (1 - bottom))
        return image.crop(tuple(round(side) for side in sides))  # type: ignore[arg-type] # four of them

    return made


def bordered(image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, (0, round(image.height * 0.12)), (0, 0, 0))


def captioned(image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, (0, 91, 0, 0), (255, 255, 255)).crop((0, 0, image.width, image.height + 91))


def headed(image: Image.Image) -> Image.Image:
    band = round(0.18 * image.height)
    made = Image.new("RGB", (image.width, image.height + band), "white")
    made.paste(image, (0, band))
    return made


def on_a_page(image: Image.Image) -> Image.Image:
    page = Image.new("RGB", (540, 1100), (250, 250, 250))
    pen = ImageDraw.Draw(page)
    for top in (20, 60, 900, 940, 980):
        pen.text((20, top), "who came back and what was ready", fill=(20, 20, 20))
    page.paste(image.resize((500, round(500 * image.height / image.width))), (20, 203))
    return page


def covered(image: Image.Image) -> Image.Image:
    made = image.copy()
    width, height = image.size
    ImageDraw.Draw(made).ellipse((width // 2, height // 2, width, height), fill=(250, 200, 40))
    return made


def saved(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=70)
    return file.getvalue()


def apart(one: str, two: str) -> int:
    return (int(one, 16) ^ int(two, 16)).bit_count()


def both(name: str, edit: Edit, pool: DecoderPool, asked: Forms) -> tuple[ImageFingerprint, ImageFingerprint]:
    path = MEDIA / "photos" / name
    kept = pool.fingerprint(path, Ask(forms=Forms.BANK))
    copy = pool.fingerprint(saved(edit(Image.open(path).convert("RGB"))), Ask(forms=asked))
    assert isinstance(kept, ImageFingerprint)
    assert isinstance(copy, ImageFingerprint)
    return kept, copy


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize(
    "edit",
    [
        ImageOps.mirror,
        ImageOps.flip,
        lambda image: image.transpose(Image.Transpose.ROTATE_90),
        lambda image: image.transpose(Image.Transpose.ROTATE_270),
        cut(0.25, 0.25, 0.25, 0.25),
        cut(0.09, 0, 0, 0),
        bordered,
    ],
)
def test_one_plain_fingerprint_finds_an_edited_copy(name: str, edit: Edit, pool: DecoderPool) -> None:
    kept, copy = both(name, edit, pool, Forms.NONE)
    assert apart(copy.pdq, kept.pdq) > RADIUS_BITS, "the plain fingerprint would do"
    assert min(apart(copy.pdq, form.pdq) for form in kept.variants) <= RADIUS_BITS


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("edit", [captioned, on_a_page, covered, cut(0.1, 0.04, 0.05, 0.09)])
def test_parts_of_the_query_find_what_its_whole_does_not(name: str, edit: Edit, pool: DecoderPool) -> None:
    kept, copy = both(name, edit, pool, Forms.QUERY)
    nearest = min(
        apart(asked, form)
        for asked in (copy.pdq, *(form.pdq for form in copy.variants))
        for form in (kept.pdq, *(form.pdq for form in kept.variants))
    )
    assert nearest <= REGIONS_RADIUS_BITS


def test_no_part_of_a_picture_finds_another_picture(pool: DecoderPool) -> None:
    first, second = (
        both(PHOTOS[0], on_a_page, pool, Forms.QUERY)[0],
        both(PHOTOS[1], on_a_page, pool, Forms.QUERY)[1],
    )
    nearest = min(apart(asked.pdq, form.pdq) for asked in second.variants for form in first.variants)
    assert nearest > REGIONS_RADIUS_BITS


def named(forms: tuple[Variant, ...]) -> dict[str, str]:
    return {form.name: form.pdq for form in forms}


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("mirror", ImageOps.mirror),
        ("flip", ImageOps.flip),
        ("turn:90", lambda image: image.transpose(Image.Transpose.ROTATE_90)),
        ("turn:180", lambda image: image.transpose(Image.Transpose.ROTATE_180)),
        ("turn:270", lambda image: image.transpose(Image.Transpose.ROTATE_270)),
        ("crop:8-0-0-0", cut(0.08, 0, 0, 0)),
        ("mirror+crop:8-2-2-8", lambda image: ImageOps.mirror(cut(0.08, 0.02, 0.02, 0.08)(image))),
        ("border:black-square", lambda image: ImageOps.pad(image, (image.width, image.width))),
        ("border:white-0-18-0-0", headed),
    ],
)
def test_a_form_is_the_fingerprint_of_the_edited_picture(name: str, edit: Edit, photo: Image.Image) -> None:
    form = named(bank_forms(Picture(photo).small_luma()))[name]
    assert apart(form, pdq_of(Picture(edit(photo))).value.hex()) <= 10, "an edge may lie half a pixel off"


@pytest.mark.parametrize("degrees", [-8, 3, 6])
def test_a_rotated_form_is_the_picture_turned_without_its_black_corners(
    degrees: int, photo: Image.Image
) -> None:
    form = named(bank_forms(Picture(photo).small_luma()))[f"rotate:{degrees}"]
    turned = photo.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    shrunk = photo.rotate(degrees, Image.Resampling.BICUBIC, expand=False)
    inside = cut(0.12, 0.12, 0.12, 0.12)(shrunk)
    assert apart(form, pdq_of(Picture(turned)).value.hex()) > RADIUS_BITS, "the corners are cut off"
    again = named(tuple(forms_of(Picture(inside).small_luma(), ["full"])))["full"]
    assert apart(form, again) < 128, "the middle is the same picture"


def test_every_planned_name_can_be_read_and_reported() -> None:
    assert len(set(PLAN)) == len(PLAN)
    for name in PLAN:
        assert planned(name).name == name
        assert VARIANT_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["border:red-0-1-0-1", "zoom:3"])
def test_a_name_outside_the_plan_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no planned form"):
        planned(name)


def test_forms_of_low_quality_are_left_out() -> None:
    flat = np.full((200, 300), 90, np.float32)
    assert bank_forms(flat) == (), "nor with a border around"
    assert query_forms(flat) == ()


def test_a_long_strip_has_no_square_form(photo: Image.Image) -> None:
    strip = Picture(photo.resize((1200, 120))).small_luma()
    assert "border:black-square" not in named(bank_forms(strip))
    assert "mirror" in named(bank_forms(strip))


def test_a_very_long_strip_has_only_its_mirror(photo: Image.Image) -> None:
    strip = np.tile(Picture(photo).small_luma(), (3, 40))
    assert strip.size > 4_000_000
    assert [form.name for form in bank_forms(strip)] == ["mirror"]
    assert [form.name for form in query_forms(strip)] == ["mirror"]
