"""Local features and aligned parts come out of the locked-down child, the same ones every time, and are checked."""

import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from unseen.fingerprint import Ask, DecoderPool, Fingerprint, FingerprintError, Forms, ImageFingerprint
from unseen.fingerprint.aligned import aligned_prints, part_boxes, part_prints
from unseen.fingerprint.deep_model import FRAME_UNITS, Fit, Original, PartPrints, Query
from unseen.fingerprint.features import bank_features
from unseen.fingerprint.model import from_wire, to_wire
from unseen.fingerprint.pool import Align
from unseen.testing.media import FOLDER, PHOTOS, VIDEOS

pytestmark = pytest.mark.thorough

BARN = FOLDER / "photos" / "red-barn.jpg"
AS_IT_IS = Fit((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), False, 768, 512)


def original(pool: DecoderPool) -> Original:
    answer = pool.fingerprint(BARN, ask=Ask(forms=Forms.DEEP_BANK))
    assert isinstance(answer, ImageFingerprint)
    assert isinstance(answer.deep, Original)
    return answer.deep


def saved(image: Image.Image) -> bytes:
    kept = BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def test_the_sandboxed_child_finds_the_same_features_every_time(pool: DecoderPool) -> None:
    first = original(pool)
    assert (len(first.features), len(first.parts)) == (400, 109)
    with DecoderPool(1) as other:
        assert original(other) == first


def test_features_are_spread_over_the_picture() -> None:
    with Image.open(BARN) as image:
        found = bank_features(np.asarray(image.convert("F"), np.float32)).point_table()
    cells = {(int(x) * 4 // FRAME_UNITS, int(y) * 6 // FRAME_UNITS) for x, y, _, _ in found}
    assert len(cells) >= 14  # of 4 x 4; two hold only sky. The 400 strongest alone lie in fewer


def test_a_query_is_aligned_by_the_child_that_holds_it(pool: DecoderPool) -> None:
    kept = original(pool)

    def then(answer: Fingerprint, align: Align) -> list[PartPrints]:
        assert isinstance(answer, ImageFingerprint)
        assert isinstance(answer.deep, Query)
        assert len(answer.deep.plain) == len(answer.deep.mirror) > 500
        return list(align([AS_IT_IS, Fit(AS_IT_IS.matrix, True, 768, 512)]))

    straight, mirrored = pool.examine(BARN, then, ask=Ask(forms=Forms.DEEP_QUERY))
    apart = np.bitwise_count(straight.row_table() ^ kept.parts.row_table()).sum(axis=1)
    assert straight.shown().all()
    assert apart.max() <= 16
    assert np.bitwise_count(mirrored.row_table() ^ kept.parts.row_table()).sum(axis=1).min() > 60


def test_a_turned_half_is_laid_back_onto_the_original() -> None:
    with Image.open(BARN) as image:
        whole = np.asarray(image.convert("F"), np.float32)
    upside_down = np.ascontiguousarray(whole[::-1, ::-1][:, : whole.shape[1] // 2])  # the right half
    # Turned by 180 degrees: its first column is the original's last; 512 pixels are its longer side.
    scale = 512 / 768
    fit = Fit((-scale, 0.0, 2048.0, 0.0, -scale, 2048 * 512 / 768, 0.0, 0.0, 1.0), False, 768, 512)
    kept = part_prints(whole)
    (found,) = aligned_prints(upside_down, [fit])
    shown = part_boxes(512, 341)[found.shown()]
    assert 20 < len(shown) < 60
    assert shown[:, 0].min() >= 512 // 2 - 4
    apart = np.bitwise_count(found.row_table() ^ kept.row_table()).sum(axis=1)[found.shown()]
    assert np.median(apart) <= 8


@pytest.mark.parametrize(
    "matrix",
    [
        (0.0,) * 9,
        (1e-9, 0.0, 0.0, 0.0, 1e-9, 0.0, 0.0, 0.0, 1.0),
        (1e6, 0.0, 0.0, 0.0, 1e6, 0.0, 0.0, 0.0, 1.0),
        (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, -0.01, 0.0, 1.0),
    ],
)
def test_a_senseless_fit_shows_no_part_or_some_but_breaks_nothing(matrix: tuple[float, ...]) -> None:
    luma = np.random.default_rng(5).uniform(0, 255, (64, 96)).astype(np.float32)
    (found,) = aligned_prints(luma, [Fit(matrix, False, 768, 512)])
    assert len(found) == 109


def test_a_video_and_a_speck_have_no_local_features(pool: DecoderPool) -> None:
    assert pool.fingerprint(VIDEOS[0], ask=Ask(forms=Forms.DEEP_QUERY)).sha256
    speck = pool.fingerprint(saved(Image.new("L", (20, 9), 77)), ask=Ask(forms=Forms.DEEP_QUERY))
    assert isinstance(speck, ImageFingerprint)
    assert speck.deep is None


@pytest.mark.parametrize("size", [(32, 32), (33, 2000), (400, 400)])
def test_a_flat_picture_has_none_and_is_no_error(pool: DecoderPool, size: tuple[int, int]) -> None:
    flat = pool.fingerprint(saved(Image.new("L", size, 77)), ask=Ask(forms=Forms.DEEP_QUERY))
    assert isinstance(flat, ImageFingerprint)
    assert isinstance(flat.deep, Query)
    assert len(flat.deep.plain) == 0


def planted(facts: dict[str, Any], *path: str, value: object) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(facts))
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("deep",), 7),
        (("deep", "features"), []),
        (("deep", "features", "points"), "AAAA"),
        (("deep", "features", "points"), "/" * 4268 + "w=="),
        (("deep", "features", "rows"), "not base64"),
        (("deep", "features", "width"), 0),
        (("deep", "features", "width"), 2.5),
        (("deep", "parts", "qualities"), "yMg="),
        (("deep", "parts", "rows"), ""),
    ],
)
def test_what_a_hostile_child_answers_is_refused(
    pool: DecoderPool, path: tuple[str, ...], value: object
) -> None:
    facts = json.loads(json.dumps(to_wire(pool.fingerprint(BARN, ask=Ask(forms=Forms.DEEP_BANK)))))
    assert from_wire(facts) == pool.fingerprint(BARN, ask=Ask(forms=Forms.DEEP_BANK))
    with pytest.raises(ValueError, match=r"\w"):
        from_wire(planted(facts, *path, value=value))


def test_a_child_that_answers_with_too_few_parts_is_not_believed(pool: DecoderPool) -> None:
    with pool.child() as child:
        child._exchange = lambda *_: {"parts": []}  # type: ignore[method-assign]
        with pytest.raises(FingerprintError, match="senseless"):
            child.align([AS_IT_IS], 5.0)
        del child._exchange


def test_many_pictures_are_examined_in_order(pool: DecoderPool) -> None:
    def then(answer: Fingerprint, align: Align) -> tuple[str, int]:
        return answer.sha256, len(align([AS_IT_IS]))

    found = list(pool.examine_all(PHOTOS[:3], then, ask=Ask(forms=Forms.DEEP_QUERY)))
    assert found == [(pool.fingerprint(path).sha256, 1) for path in PHOTOS[:3]]
