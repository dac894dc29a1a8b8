"""Edited copies are found by their patches and proved by their parts; damage is named; removal erases."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from unseen.fingerprint import ImageFingerprint
from unseen.fingerprint.aligned import aligned_prints, part_prints
from unseen.fingerprint.deep_model import Original, PartPrints, Query
from unseen.fingerprint.features import bank_features, query_features
from unseen.fingerprint.pdq import Floats
from unseen.matching import BankError, deep, deep_votes
from unseen.matching.deep import Candidate, DeepBank, DeepMatch, judged
from unseen.matching.deep_records import ORIGINALS
from unseen.matching.labelled import LabelledBank
from unseen.testing.media import FOLDER, PHOTOS

pytestmark = pytest.mark.thorough

NAMES = ("red-barn", "caps", "island", "lighthouse-fence")
UNRELATED = ("macaws", "painted-house", "green-hill")


def photo(name: str) -> Image.Image:
    with Image.open(FOLDER / "photos" / f"{name}.jpg") as image:
        return image.convert("L")


def luma(image: Image.Image) -> Floats:
    return np.asarray(image.convert("F"), np.float32)


def original(name: str) -> Original:
    return Original(bank_features(luma(photo(name))), part_prints(luma(photo(name))))


def found(bank: DeepBank, image: Image.Image) -> list[DeepMatch]:
    return bank.match(Query(*query_features(luma(image))), partial(aligned_prints, luma(image)))


def tilted(image: Image.Image) -> Image.Image:
    width, height = image.size
    corners = (0.06 * width, 0.02 * height, 0, height, width, 0.9 * height, 0.95 * width, 0.08 * height)
    return image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def cropped(image: Image.Image, share: float) -> Image.Image:
    width, height = image.size
    left, top = round(width * 0.3), round(height * 0.2)
    return image.crop((left, top, left + round(width * share), top + round(height * share)))


def screenshot(image: Image.Image) -> Image.Image:
    page = Image.new("L", (540, 960), 250)
    page.paste(Image.new("L", (540, 90), 40), (0, 0))
    page.paste(image.resize((500, 500 * image.height // image.width)), (20, 240))
    return page


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "turned by 8 degrees": lambda image: image.rotate(8, Image.Resampling.BICUBIC),
    "upside down": lambda image: image.rotate(180),
    "perspective": tilted,
    "half of each side": lambda image: cropped(image, 0.5),
    "mirrored and cropped": lambda image: ImageOps.mirror(cropped(image, 0.65)),
    "screenshot": screenshot,
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> DeepBank:
    made = DeepBank.open(tmp_path_factory.mktemp("deep"))
    made.add((10 * place, f"{place:064x}", original(name)) for place, name in enumerate(NAMES))
    return made


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("name", NAMES[:2])
def test_an_edited_copy_is_found(bank: DeepBank, edit: str, name: str) -> None:
    matches = found(bank, EDITS[edit](photo(name)))
    assert [match.first_id for match in matches] == [10 * NAMES.index(name)]
    assert matches[0].distance_bits <= 31
    assert matches[0].parts >= 3


@pytest.mark.parametrize("name", UNRELATED)
def test_an_unrelated_picture_matches_nothing(bank: DeepBank, name: str) -> None:
    assert found(bank, photo(name)) == []
    assert found(bank, screenshot(photo(name))) == []


def test_a_flat_picture_matches_nothing(bank: DeepBank) -> None:
    assert found(bank, Image.new("L", (300, 200), 90)) == []


def test_two_pictures_in_one_are_both_found(bank: DeepBank) -> None:
    both = Image.new("L", (768, 1024))
    both.paste(photo("red-barn"), (0, 0))
    both.paste(photo("caps"), (0, 512))
    assert {match.first_id for match in found(bank, both)} == {0, 10}


def test_a_fit_without_alike_parts_is_refused(bank: DeepBank) -> None:
    query = photo("red-barn").rotate(8)
    candidates = bank.candidates(Query(*query_features(luma(query))))
    assert candidates[0].agreeing >= deep.SURE_AGREEING
    other = aligned_prints(luma(photo("macaws")), [each.fit for each in candidates])
    assert judged(candidates, other) == []


def answer_for(kept: PartPrints, near: int, bits: int) -> PartPrints:
    """`near` parts that differ by so many bits, and the others altogether."""
    rows = np.unpackbits(255 - kept.row_table(), axis=1)
    rows[:near] = np.unpackbits(kept.row_table()[:near], axis=1)
    rows[:near, :bits] ^= 1
    return PartPrints(np.packbits(rows, axis=1).tobytes(), bytes([100]) * len(kept))


@pytest.mark.parametrize(
    ("agreeing", "near", "bits", "counts"),
    [
        (deep.AGREEING_MIN, 40, 60, True),
        (deep.AGREEING_MIN, 40, 61, False),
        (deep.SURE_AGREEING, 40, 70, True),
        (deep.SURE_AGREEING, 40, 71, False),
        (deep.SURE_AGREEING, 15, 0, False),
    ],
)
def test_parts_must_be_near_and_a_fifth_of_those_shown(
    bank: DeepBank, agreeing: int, near: int, bits: int, counts: bool
) -> None:
    (found_one, *_) = bank.candidates(Query(*query_features(luma(photo("island")))))
    candidate = Candidate(found_one.record, found_one.fit, agreeing)
    matches = judged([candidate], [answer_for(candidate.record.parts, near, bits)])
    assert [match.distance_bits for match in matches] == ([bits] if counts else [])


def interface(inside: Image.Image) -> Image.Image:
    """A telephone's page with bars above and below, which are the same around every picture."""
    page = Image.new("L", (540, 960), 250)
    drawn = ImageDraw.Draw(page)
    for row in (15, 50, 85, 880, 915):
        for place in range(9):
            drawn.text((20 + 58 * place, row), f"{place}Ab{row}", fill=20)
            drawn.ellipse((50 + 58 * place, row, 66 + 58 * place, row + 16), outline=60)
    page.paste(inside.crop((150, 0, 501, 512)).resize((500, 729)), (20, 125))
    return page


def test_two_screenshots_of_one_interface_are_not_one_picture(tmp_path: Path) -> None:
    bank = DeepBank.open(tmp_path)
    kept = luma(interface(photo("caps")))
    bank.add([(1, "a" * 64, Original(bank_features(kept), part_prints(kept)))])
    other = interface(photo("red-barn"))
    candidates = bank.candidates(Query(*query_features(luma(other))))
    assert max(each.agreeing for each in candidates) >= deep.SURE_AGREEING  # the interface fits
    assert found(bank, other) == []
    assert [match.first_id for match in found(bank, photo("caps"))] == [1]


def test_removal_erases_the_features_and_the_record(tmp_path: Path) -> None:
    bank = DeepBank.open(tmp_path)
    bank.add([(1, "a" * 64, original("caps")), (7, "b" * 64, original("island"))])
    assert len(bank) == 800
    bank.remove({1, 99})
    assert (len(bank), bank.kept()) == (400, {(7, "b" * 64)})
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert original("caps").features.rows[:32] not in kept
    assert b"a" * 64 not in kept
    assert found(bank, photo("caps")) == []
    assert [match.first_id for match in found(bank, photo("island"))] == [7]


def test_another_process_sees_what_was_added_and_removed(tmp_path: Path) -> None:
    writer, reader = DeepBank.open(tmp_path), DeepBank.open(tmp_path)
    writer.add([(1, "a" * 64, original("caps"))])
    assert [match.first_id for match in found(reader, photo("caps"))] == [1]
    writer.remove({1})
    assert found(reader, photo("caps")) == []


@pytest.mark.parametrize("place", [0, 300, -20, -3])
def test_a_damaged_record_is_named(tmp_path: Path, place: int) -> None:
    bank = DeepBank.open(tmp_path)
    bank.add([(1, "a" * 64, original("caps")), (7, "b" * 64, original("island"))])
    data = bytearray((tmp_path / ORIGINALS).read_bytes())
    data[place] ^= 1
    (tmp_path / ORIGINALS).write_bytes(data)
    with pytest.raises(BankError, match=r"originals\.jsonl line [12] is damaged"):
        DeepBank.open(tmp_path).verify()


def test_a_torn_last_record_was_never_written(tmp_path: Path) -> None:
    bank = DeepBank.open(tmp_path)
    bank.add([(1, "a" * 64, original("caps"))])
    whole = (tmp_path / ORIGINALS).read_bytes()
    (tmp_path / ORIGINALS).write_bytes(whole + whole[:500])
    bank.verify()
    bank.add([(7, "b" * 64, original("island"))])
    assert bank.kept() == {(1, "a" * 64), (7, "b" * 64)}


def test_the_place_of_a_feature_survives_its_id() -> None:
    features = original("caps").features
    ids = deep_votes.ids_of(deep_votes.NUMBER_MAX, features)
    assert (deep_votes.numbers_of(ids) == deep_votes.NUMBER_MAX).all()
    assert (deep_votes._points_of(ids) == features.point_table()).all()


def fingerprint(number: int, kept: Original | None) -> ImageFingerprint:
    return ImageFingerprint(768, 512, f"{number:064x}", f"{number:064x}", 100, deep=kept)


def test_a_label_keeps_and_loses_its_local_features(tmp_path: Path) -> None:
    bank = LabelledBank.open(tmp_path)
    bank.add([("barn", fingerprint(1, None))])
    with pytest.raises(BankError, match="unseen bank add --deep"):
        bank.deep_search()
    assert bank.add([("barn", fingerprint(1, original("red-barn")))]) == 0  # known, and its features are new
    bank.add([("barn", fingerprint(1, original("red-barn"))), ("caps", fingerprint(2, original("caps")))])
    assert bank.verify().rows == 2 + 2 * 400
    image = photo("red-barn").rotate(8)
    asked = ImageFingerprint(768, 512, "c" * 64, "5" * 64, 100, deep=Query(*query_features(luma(image))))
    align = partial(aligned_prints, luma(image))
    (match,) = bank.match_deep(bank.deep_search(), asked, align)
    assert (match.label, match.how, match.at_s) == ("barn", "deep", ())
    assert bank.remove("barn") == 1
    assert bank.match_deep(bank.deep_search(), asked, align) == []
    assert bank.verify().rows == 1 + 400


def test_every_shipped_photograph_has_features_enough() -> None:
    for path in PHOTOS:
        with Image.open(path) as image:
            assert len(bank_features(luma(image))) == 400
