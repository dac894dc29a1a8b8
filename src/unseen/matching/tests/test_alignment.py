"""Hits of frames become stretches of time in both films; chance hits become nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from unseen.matching.alignment import FrameHits, QueryFrames, align

Hit = tuple[int, float, int]  # frame of the query, second of the film, bits apart


def query(count: int, still: bool = False) -> QueryFrames:
    """A frame a second."""
    from_s = np.arange(count, dtype=np.float64)
    look = np.zeros(count, np.intp) if still else np.arange(count)
    return QueryFrames(from_s, from_s + 1, look)


def hits(found: list[Hit]) -> FrameHits:
    frame, bank_s, bits = zip(*found, strict=True) if found else ((), (), ())
    return FrameHits(np.array(frame, np.intp), np.array(bank_s, np.float64), np.array(bits, np.int64))


def noise(seed: int, count: int, frames: int, film_s: float) -> list[Hit]:
    """Chance hits all over."""
    random = np.random.default_rng(seed)
    places: NDArray[np.int64] = random.integers(0, frames, count)
    return [(int(place), float(random.uniform(0, film_s)), 30) for place in places]


@pytest.mark.parametrize("speed", [0.8, 0.9, 1.0, 1.1, 1.25])
def test_a_clip_is_found_with_its_times_and_speed(speed: float) -> None:
    copied = [(at, 40 + speed * at, 6) for at in range(10)]
    (segment,) = align(query(10), hits(copied + noise(1, 20, 10, 300)), 300)
    assert (segment.from_s, segment.to_s) == (0, 10)
    assert segment.bank_from_s == pytest.approx(40, abs=0.3)
    assert segment.bank_to_s == pytest.approx(40 + 10 * speed, abs=0.3)
    assert segment.speed == pytest.approx(speed, abs=0.03)


def test_a_film_inside_a_compilation_is_found_where_it_lies() -> None:
    copied = [(at, at - 20.0, 4) for at in range(20, 28)]
    (segment,) = align(query(60), hits(copied), 8)
    assert (segment.from_s, segment.to_s) == (20, 28)
    assert (segment.bank_from_s, segment.bank_to_s) == (0, 8)


def test_two_parts_in_another_order_are_two_segments() -> None:
    copied = [(at, 100.0 + at, 4) for at in range(6)] + [(at, at + 4.0, 4) for at in range(6, 14)]
    one, other = align(query(14), hits(copied), 200)
    assert (one.from_s, one.bank_from_s) == (0, 100)
    assert (other.from_s, other.bank_from_s) == (6, 10)


def test_a_repeated_scene_is_explained_once() -> None:
    copied = [(at, start + at, 4) for at in range(8) for start in (10.0, 50.0)]
    (segment,) = align(query(8), hits(copied), 100)
    assert segment.bank_from_s in (10, 50)


def test_a_still_scene_is_placed_by_its_nearest_frames() -> None:
    copied = [
        (at, second / 2, 4 + abs(2 * (20 + at) - second)) for at in range(8) for second in range(30, 66)
    ]
    (segment,) = align(query(8, still=True), hits([each for each in copied if each[2] <= 31]), 60)
    assert segment.bank_from_s == pytest.approx(20, abs=0.5)


def test_chance_hits_prove_nothing() -> None:
    assert align(query(10), hits([(4, 12.0, 22)]), 60) == ()
    assert align(query(10), hits([(4, 12.0, 22), (5, 13.0, 24)]), 60) == ()
    assert align(query(60), hits(noise(2, 40, 60, 900)), 900) == ()
    assert align(query(10), hits([]), 60) == ()


def test_frames_of_one_look_prove_a_film_only_when_they_are_near() -> None:
    far = [(at, 10.0 + at, 28) for at in range(6)]
    mixed = QueryFrames(np.arange(10.0), np.arange(10.0) + 1, np.array([0] * 6 + [1, 2, 3, 4]))
    assert align(mixed, hits(far), 60) == ()
    assert align(mixed, hits([(at, second, 12) for at, second, _ in far]), 60)


def test_a_query_of_one_frame_needs_only_that() -> None:
    (segment,) = align(query(1), hits([(0, 33.0, 10)]), 60)
    assert (segment.from_s, segment.bank_from_s) == (0, 33)


def test_an_hour_is_followed_from_end_to_end() -> None:
    copied = [(at, 1.04 * at, 6) for at in range(0, 3600, 2)]
    (segment,) = align(query(3600), hits(copied), 3744)
    assert (segment.from_s, segment.to_s) == (0, 3599)
    assert segment.bank_to_s == pytest.approx(3743, abs=1)
