"""One motion is found among many chance pairs, always the same one, and senseless motions are refused."""

import numpy as np
import pytest

from unseen.matching.geometry import Motion, Numbers, Pairs, motions, moved

TURN, ZOOM = 0.3, 0.4


def pairs(true: Numbers, count: int = 40, chance: int = 80, seed: int = 1) -> Pairs:
    """`count` pairs that a homography explains, and `chance` pairs that nothing does."""
    random = np.random.default_rng(seed)
    query = random.uniform(200, 1800, (count + chance, 2))
    original = moved(true, query)
    original[count:] = random.uniform(0, 2047, (chance, 2))
    turn = np.full(count + chance, TURN)
    zoom = np.full(count + chance, ZOOM)
    turn[count:] = random.uniform(0, 2 * np.pi, chance)
    zoom[count:] = random.uniform(-2, 2, chance)
    return Pairs(query, original, turn, zoom, np.ones(count + chance))


def turned() -> Numbers:
    scale = 2**ZOOM
    real, imaginary = scale * np.cos(TURN), scale * np.sin(TURN)
    return np.array([[real, -imaginary, 100.0], [imaginary, real, -50.0], [0, 0, 1]])


def apart(found: Motion, true: Numbers) -> float:
    corners = np.array([[300.0, 300], [1700, 300], [1700, 1700], [300, 1700]])
    return float(np.abs(moved(found.matrix, corners) - moved(true, corners)).max())


def test_a_motion_is_found_among_twice_as_many_chance_pairs() -> None:
    found = motions(pairs(turned()), 5)
    assert len(found) == 2
    assert all(apart(each, turned()) < 8 for each in found)
    assert all(30 <= each.agreeing <= 45 for each in found)


def test_perspective_needs_the_homography() -> None:
    tilted = turned()
    tilted[2] = (5e-5, -8e-5, 1)
    affine, homography = motions(pairs(tilted, count=80), 5)
    assert apart(homography, tilted) < 8 < apart(affine, tilted)


def test_the_same_pairs_give_the_same_fit() -> None:
    first, second = (motions(pairs(turned(), seed=3), 5) for _ in range(2))
    assert [each.matrix.tolist() for each in first] == [each.matrix.tolist() for each in second]


def test_chance_pairs_agree_on_nothing() -> None:
    assert motions(pairs(turned(), count=0, chance=200), 12) == []
    nothing = np.empty(0)
    assert motions(Pairs(np.empty((0, 2)), np.empty((0, 2)), nothing, nothing, nothing), 1) == []


@pytest.mark.parametrize("linear", [[[1.0, 0], [0, -1]], [[0.01, 0], [0, 0.01]], [[4.0, 0], [0, 0.5]]])
def test_a_fold_a_speck_and_a_needle_are_refused(linear: list[list[float]]) -> None:
    senseless = np.eye(3)
    senseless[:2, :2] = linear
    given = pairs(senseless, chance=0)
    straight = Pairs(given.query, given.original, np.zeros(40), np.zeros(40), given.weight)
    assert all(each.agreeing < 12 for each in motions(straight, 5))


def test_one_corner_on_many_levels_counts_once() -> None:
    given = pairs(turned(), count=10, chance=0)
    again = Pairs(
        *(
            np.concatenate([each] * 5)
            for each in (given.query, given.original, given.turn, given.zoom, given.weight)
        )
    )
    assert motions(again, 11) == []
    assert motions(again, 5)
