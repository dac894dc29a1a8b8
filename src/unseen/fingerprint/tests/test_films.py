"""Which frames of a film are fingerprinted, at which second, and that nearly blank ones say so."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from unseen.fingerprint import Ask, DecoderPool, Forms, Frames, VideoFingerprint, film
from unseen.fingerprint.decode_picture import Shown
from unseen.fingerprint.film import Dense
from unseen.fingerprint.frame_forms import former_of
from unseen.fingerprint.looks import Look, is_plain
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.fingerprint.tests import films
from unseen.testing.media import PHOTOS


@pytest.fixture(scope="module")
def three_scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three photographs, 2.5 seconds each, a keyframe every two seconds."""
    frames = films.film(PHOTOS[:3], seconds=2.5)
    return films.encode(tmp_path_factory.mktemp("film") / "scenes.mp4", frames, group=20)


def made(pool: DecoderPool, path: Path, frames: Frames, forms: Forms = Forms.NONE) -> VideoFingerprint:
    answer = pool.fingerprint(str(path), Ask(forms=forms, frames=frames))
    assert isinstance(answer, VideoFingerprint)
    return answer


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_a_query_has_a_frame_a_second_and_the_first_of_each_scene(
    pool: DecoderPool, three_scenes: Path
) -> None:
    video = made(pool, three_scenes, Frames.SECOND)
    assert [frame.at_s for frame in video.frames] == [0, 1, 2, 2.5, 3, 4, 5, 6, 7]
    assert video.duration_s == pytest.approx(7.5)


@pytest.mark.parametrize(("group", "seconds"), [(30, [0, 3, 6, 9, 12]), (15, [0, 3, 6, 9, 12])])
def test_keyframes_are_chosen_by_the_packets_own_flag(
    group: int, seconds: list[float], pool: DecoderPool, tmp_path: Path
) -> None:
    path = films.encode(tmp_path / "film.mp4", films.film(PHOTOS[:5], seconds=2.6), group=group)
    video = made(pool, path, Frames.KEYFRAMES)
    assert [frame.at_s for frame in video.frames] == seconds
    assert video.duration_s == pytest.approx(13)


def test_a_film_of_few_keyframes_is_decoded_whole(pool: DecoderPool, tmp_path: Path) -> None:
    path = films.encode(tmp_path / "sparse.mp4", films.film(PHOTOS[:2]), group=250)
    assert len(made(pool, path, Frames.KEYFRAMES).frames) >= 6


def test_a_long_group_in_a_film_is_decoded_whole(pool: DecoderPool, tmp_path: Path) -> None:
    frames = films.glide(PHOTOS[0], 6) * 6  # keyframes at 0, 16 and 32 of 36 seconds
    video = made(pool, films.encode(tmp_path / "long.mp4", frames, group=160), Frames.KEYFRAMES)
    gaps_s = np.diff([frame.at_s for frame in video.frames])
    assert gaps_s.max() <= 4
    assert len(video.frames) > 25


def test_a_dense_film_misses_no_frame_by_more_than_24_bits(pool: DecoderPool, three_scenes: Path) -> None:
    dense = made(pool, three_scenes, Frames.DENSE)
    gaps_s = np.diff([frame.at_s for frame in dense.frames])
    assert gaps_s.max() <= 0.51
    for frame in made(pool, three_scenes, Frames.SECOND).frames:
        before = [each for each in dense.frames if each.at_s <= frame.at_s][-1]
        assert bits_apart(before.pdq, frame.pdq) <= film.STEP_BITS


def test_luma_of_the_decoder_gives_the_bits_of_the_picture(pool: DecoderPool, three_scenes: Path) -> None:
    first = made(pool, three_scenes, Frames.SECOND).frames[0]
    exact = pdq_of(Picture(Image.fromarray(films.glide(PHOTOS[0])[0])))
    assert bits_apart(first.pdq, exact.value.hex()) <= 12  # the film is compressed
    assert abs(first.quality - exact.quality) <= 3


def test_bank_forms_are_of_few_frames_and_query_forms_of_each(pool: DecoderPool, three_scenes: Path) -> None:
    bank = made(pool, three_scenes, Frames.DENSE, Forms.BANK)
    with_forms = [frame for frame in bank.frames if frame.variants]
    assert 8 <= len(with_forms) <= 16  # two of a moving second
    names = [form.name for form in with_forms[0].variants]
    assert "mirror" in names
    assert {"crop:5-5-5-5", "crop:0-25-0-0", "crop:16.7-0-16.7-0"} <= set(names)
    query = made(pool, three_scenes, Frames.SECOND, Forms.QUERY)
    assert all(frame.variants[0].name == "mirror" for frame in query.frames)


@pytest.mark.parametrize("forms", [Forms.DEEP_BANK, Forms.DEEP_QUERY])
def test_the_level_deep_asks_for_the_edited_forms_of_frames_too(
    pool: DecoderPool, three_scenes: Path, forms: Forms
) -> None:
    frames = Frames.DENSE if forms is Forms.DEEP_BANK else Frames.SECOND
    assert made(pool, three_scenes, frames, forms) == made(pool, three_scenes, frames, forms.edited)


def test_blank_frames_and_title_cards_have_too_low_a_quality_to_be_searched(
    pool: DecoderPool, tmp_path: Path
) -> None:
    card = Image.new("RGB", (films.WIDTH, films.HEIGHT), (4, 4, 8))
    ImageDraw.Draw(card).text((20, 50), "BEST OF 2026", (250, 250, 250), font_size=22)
    blank = np.full((films.HEIGHT, films.WIDTH, 3), 90, np.uint8)
    frames = [np.asarray(card)] * 20 + [blank] * 20
    video = made(pool, films.encode(tmp_path / "titles.mp4", frames), Frames.DENSE)
    assert max(frame.quality for frame in video.frames) < 50


def test_a_photograph_is_not_plain_and_a_card_with_words_is(photo: Image.Image) -> None:
    assert not is_plain(np.asarray(photo.convert("L").resize((64, 64)), np.float32))
    card = np.full((64, 64), 12, np.float32)
    card[28:36, 10:50] = 240
    assert is_plain(card)


def flat() -> NDArray[np.float32]:
    return np.zeros((64, 64), np.float32)


def itself(look: Look) -> Look:
    return look


def test_a_dense_film_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "VIDEO_FRAMES_KEPT_MAX", 100)
    dense, random = Dense(former_of(Forms.NONE)), np.random.default_rng(3)
    for number in range(2000):
        look = Look(random.bytes(32), np.zeros((16, 16)), flat(), lambda: 100, flat)
        dense.offer(Shown(partial(itself, look), number / 10, (number + 1) / 10))
    assert 50 <= len(dense.frames) <= 100
    assert dense.frames[-1].at_s > 150
