"""Films from end to end: decoded, kept, and found again edited, in parts and as stills, with the times in both."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from unseen.fingerprint import Ask, DecoderPool, Forms, Frames
from unseen.fingerprint.tests import films
from unseen.matching.labelled import LabelledBank, LabelMatch, forms_of
from unseen.testing.media import PHOTOS

pytestmark = pytest.mark.thorough

SCENES = films.film(PHOTOS[:4], seconds=3)


@pytest.fixture(scope="module")
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def bank(pool: DecoderPool, tmp_path_factory: pytest.TempPathFactory) -> LabelledBank:
    folder = tmp_path_factory.mktemp("films")
    kept = LabelledBank.open(folder / "bank")
    path = films.encode(folder / "film.mp4", SCENES)
    kept.add([("film", pool.fingerprint(str(path), Ask(forms=Forms.BANK, frames=Frames.DENSE)))])
    other = films.encode(folder / "other.mp4", films.film(PHOTOS[8:11]))
    kept.add([("other", pool.fingerprint(str(other), Ask(forms=Forms.BANK, frames=Frames.DENSE)))])
    return kept


def found(
    pool: DecoderPool, bank: LabelledBank, path: Path, frames: Frames = Frames.SECOND
) -> list[LabelMatch]:
    return bank.match(forms_of(pool.fingerprint(str(path), Ask(forms=Forms.QUERY, frames=frames))))


def mirrored(frame: films.Pixels) -> films.Pixels:
    return np.ascontiguousarray(frame[:, ::-1])


def letterboxed(frame: films.Pixels) -> films.Pixels:
    return np.pad(frame, ((20, 20), (0, 0), (0, 0)))


def cropped(frame: films.Pixels) -> films.Pixels:
    return np.ascontiguousarray(frame[6:-6, 10:-10])


@pytest.mark.parametrize("change", [mirrored, letterboxed, cropped])
def test_an_edited_excerpt_is_found_with_its_times(
    change: "object", pool: DecoderPool, bank: LabelledBank, tmp_path: Path
) -> None:
    assert callable(change)
    path = films.encode(tmp_path / "copy.mp4", [change(frame) for frame in SCENES[25:90]])
    (match,) = found(pool, bank, path)
    (segment,) = match.segments
    assert (match.label, match.how) == ("film", "frame")
    assert segment.bank_from_s - segment.from_s == pytest.approx(2.5, abs=0.5)
    assert segment.to_s - segment.from_s >= 4


def test_a_faster_copy_of_another_rate_says_its_speed(
    pool: DecoderPool, bank: LabelledBank, tmp_path: Path
) -> None:
    path = films.encode(tmp_path / "fast.mp4", SCENES[::2], rate=6)  # 5 frames a second shown at 6
    (match,) = found(pool, bank, path)
    assert match.segments[0].speed == pytest.approx(1.2, abs=0.04)


def test_a_film_inside_a_compilation_is_found_at_its_place(
    pool: DecoderPool, bank: LabelledBank, tmp_path: Path
) -> None:
    unknown = films.film(PHOTOS[12:14])
    path = films.encode(tmp_path / "best-of.mp4", [*unknown[:40], *SCENES[30:80], *unknown[40:]])
    (match,) = found(pool, bank, path)
    (segment,) = match.segments
    assert segment.from_s == pytest.approx(4, abs=0.3)
    assert segment.to_s == pytest.approx(9, abs=0.3)
    assert segment.bank_from_s == pytest.approx(3, abs=0.3)


def test_a_gif_of_the_film_is_found(pool: DecoderPool, bank: LabelledBank, tmp_path: Path) -> None:
    (match,) = found(pool, bank, films.gif(tmp_path / "film.gif", SCENES[:60]))
    assert match.label == "film"
    assert match.segments[0].bank_from_s == pytest.approx(0, abs=0.5)


def test_keyframes_alone_find_it(pool: DecoderPool, bank: LabelledBank, tmp_path: Path) -> None:
    path = films.encode(tmp_path / "film.mp4", SCENES, group=15)
    assert [match.label for match in found(pool, bank, path, Frames.KEYFRAMES)] == ["film"]


def test_a_still_of_the_film_is_found_and_a_film_of_a_kept_picture_too(
    pool: DecoderPool, bank: LabelledBank, tmp_path: Path
) -> None:
    Image.fromarray(SCENES[50]).save(tmp_path / "still.png")
    (match,) = found(pool, bank, tmp_path / "still.png")
    assert (match.label, match.how, match.segments, match.at_s) == ("film", "frame", (), ())
    pictures = LabelledBank.open(tmp_path / "pictures")
    pictures.add([("still", pool.fingerprint(str(tmp_path / "still.png"), Ask(forms=Forms.BANK)))])
    (shown,) = found(pool, pictures, films.encode(tmp_path / "film.mp4", SCENES))
    assert (shown.label, shown.how) == ("still", "frame")
    assert 5 in shown.at_s


def test_other_films_and_blank_ones_match_nothing(
    pool: DecoderPool, bank: LabelledBank, tmp_path: Path
) -> None:
    unknown = films.encode(tmp_path / "unknown.mp4", films.film(PHOTOS[14:18]))
    assert found(pool, bank, unknown) == []
    black = films.encode(tmp_path / "black.mp4", [np.zeros_like(SCENES[0])] * 30)
    assert forms_of(pool.fingerprint(str(black), Ask(forms=Forms.QUERY))) == ()


def test_the_seconds_of_rows_survive_in_few_bytes(bank: LabelledBank) -> None:
    film = next(entry for entry in bank.entries() if entry.label == "film")
    assert len(film.at_s) == len(film.forms)
    assert film.at_s[0] == 0
    assert 11 < film.at_s[-1] < 12
    size_bytes = (bank._folder / "labels.jsonl").stat().st_size
    assert size_bytes < 5 * sum(len(entry.forms) for entry in bank.entries())
