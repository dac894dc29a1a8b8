"""Where a query would lie in an original, from pairs of alike points: one motion that many of them agree on.

Every pair carries a turn and a zoom, so each alone proposes a whole motion and no pair is drawn by chance: the same
pairs always give the same fit. The best proposals are refined in steps, from turn and zoom over affine to homography.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_PAIRS_MAX = 400  # proposals are compared with every pair
_PROPOSALS_REFINED = 4
_LOOSE_UNITS = 110.0  # of 2,048: a proposal's turn and zoom are rough
_TURN_MAX = np.pi / 6
_ZOOM_MAX = 0.7  # octaves
_STEPS = (
    (80.0, "turn and zoom"),
    (60.0, "turn and zoom"),
    (45.0, "affine"),
    (30.0, "affine"),
    (24.0, "affine"),
)
_LAST_STEPS = ((24.0, "homography"), (16.0, "homography"), (14.0, "homography"))
_AFFINE_PAIRS_MIN, _HOMOGRAPHY_PAIRS_MIN = 6, 10
_SAME_POINT_UNITS = 12  # one corner found on several levels counts once
_ZOOM_LEAST, _ZOOM_MOST, _STRETCH_MOST, _DEPTH_LEAST = 1 / 14, 14.0, 2.5, 0.35


@dataclass(frozen=True, slots=True)
class Pairs:
    """Parallel: points in units of the query and of the original (float64[N,2]), turn in radians, zoom in octaves, weight."""

    query: Numbers
    original: Numbers
    turn: Numbers
    zoom: Numbers
    weight: Numbers

    def best(self, order: NDArray[np.intp]) -> "Pairs":
        return Pairs(
            self.query[order], self.original[order], self.turn[order], self.zoom[order], self.weight[order]
        )


@dataclass(frozen=True, slots=True)
class Motion:
    """A homography from query to original (float64[3,3]) and how many distinct points agree with it."""

    matrix: Numbers
    agreeing: int


def motions(pairs: Pairs, agreeing_min: int) -> list[Motion]:
    """The best affine motion, and the best homography where there are points enough; none where few points agree."""
    if len(pairs.weight) > _PAIRS_MAX:
        pairs = pairs.best(np.argsort(-pairs.weight, kind="stable")[:_PAIRS_MAX])
    best: Motion | None = None
    for matrix in _proposals(pairs) if len(pairs.weight) else []:
        found = _refined(pairs, matrix, _STEPS)
        if found is not None and (best is None or found.agreeing > best.agreeing):
            best = found
    if best is None or best.agreeing < agreeing_min:
        return []
    bent = _refined(pairs, best.matrix, _LAST_STEPS) if best.agreeing >= _HOMOGRAPHY_PAIRS_MIN else None
    return [best] if bent is None or bent.agreeing < agreeing_min else [best, bent]


def _proposals(pairs: Pairs) -> list[Numbers]:
    """The motions of the single pairs that most other pairs agree with."""
    scale = np.exp2(pairs.zoom)
    real, imaginary = scale * np.cos(pairs.turn), scale * np.sin(pairs.turn)
    away = pairs.query[None] - pairs.query[:, None]
    x = (
        real[:, None] * away[..., 0]
        - imaginary[:, None] * away[..., 1]
        - (pairs.original[None, :, 0] - pairs.original[:, None, 0])
    )
    y = (
        imaginary[:, None] * away[..., 0]
        + real[:, None] * away[..., 1]
        - (pairs.original[None, :, 1] - pairs.original[:, None, 1])
    )
    turned = np.abs((pairs.turn[None] - pairs.turn[:, None] + np.pi) % (2 * np.pi) - np.pi)
    agree = (x * x + y * y < _LOOSE_UNITS**2) & (turned < _TURN_MAX)
    agree &= np.abs(pairs.zoom[None] - pairs.zoom[:, None]) < _ZOOM_MAX
    votes = agree @ pairs.weight
    chosen: list[int] = []
    for each in np.argsort(-votes, kind="stable").tolist():
        if not agree[chosen, each].any():  # else it says much the same as a better one
            chosen.append(each)
        if len(chosen) == _PROPOSALS_REFINED:
            break
    made = []
    for each in chosen:
        linear = np.array([[real[each], -imaginary[each]], [imaginary[each], real[each]]])
        made.append(_affine(linear, pairs.original[each] - linear @ pairs.query[each]))
    return made


def _refined(pairs: Pairs, matrix: Numbers, steps: tuple[tuple[float, str], ...]) -> Motion | None:
    """Fit again to the pairs that agree, each time more closely; None where the motion is senseless."""
    for units, kind in steps:
        near = _near(pairs, matrix, units)
        if near.sum() < 2:
            return None
        matrix = _fitted(pairs.query[near], pairs.original[near], kind)
        if not _is_sane(matrix, pairs.query[near]):
            return None
    near = _near(pairs, matrix, steps[-1][0])
    distinct = (_distinct(pairs.query[near]), _distinct(pairs.original[near]))
    return Motion(matrix, min(distinct))


def _near(pairs: Pairs, matrix: Numbers, units: float) -> NDArray[np.bool_]:
    return np.asarray(((moved(matrix, pairs.query) - pairs.original) ** 2).sum(axis=1) < units**2)


def moved(matrix: Numbers, points: Numbers) -> Numbers:
    """Points (float64[N,2]) through a homography; one at or behind its horizon lands far outside any picture."""
    to = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    depth = np.where(to[:, 2] > 1e-6, to[:, 2], 1e-6)
    return np.asarray(to[:, :2] / depth[:, None])


def _distinct(points: Numbers) -> int:
    return len(np.unique(np.floor(points / _SAME_POINT_UNITS), axis=0))


def _fitted(query: Numbers, original: Numbers, kind: str) -> Numbers:
    if kind == "homography" and len(query) >= _HOMOGRAPHY_PAIRS_MIN:
        return _homography(query, original)
    if kind != "turn and zoom" and len(query) >= _AFFINE_PAIRS_MIN:
        system = np.column_stack([query, np.ones(len(query))])
        solved = np.linalg.lstsq(system, original, rcond=None)[0]
        return _affine(solved[:2].T, solved[2])
    return _turned_and_zoomed(query, original)


def _turned_and_zoomed(query: Numbers, original: Numbers) -> Numbers:
    """Least squares: a turn and a zoom are one complex factor."""
    middle, onto = query.mean(axis=0), original.mean(axis=0)
    away, there = query - middle, original - onto
    power = (away**2).sum() or 1.0
    real = (away * there).sum() / power
    imaginary = (away[:, 0] * there[:, 1] - away[:, 1] * there[:, 0]).sum() / power
    linear = np.array([[real, -imaginary], [imaginary, real]])
    return _affine(linear, onto - linear @ middle)


def _affine(linear: NDArray[np.floating], shift: NDArray[np.floating]) -> Numbers:
    return np.vstack([np.column_stack([linear, shift]), [0.0, 0.0, 1.0]])


def _homography(query: Numbers, original: Numbers) -> Numbers:
    """The normalised direct linear transformation (Hartley 1997)."""
    before, after = _normal(query), _normal(original)
    x, y = moved(before, query).T
    u, v = moved(after, original).T
    nought, one = np.zeros_like(x), np.ones_like(x)
    rows = np.concatenate(
        [
            np.column_stack([x, y, one, nought, nought, nought, -u * x, -u * y, -u]),
            np.column_stack([nought, nought, nought, x, y, one, -v * x, -v * y, -v]),
        ]
    )
    matrix = np.linalg.inv(after) @ np.linalg.svd(rows)[2][-1].reshape(3, 3) @ before
    return np.asarray(matrix / (matrix[2, 2] or 1.0))


def _normal(points: Numbers) -> Numbers:
    middle = points.mean(axis=0)
    spread = float(np.sqrt(((points - middle) ** 2).sum(axis=1).mean())) or 1.0
    return _affine(np.eye(2) / spread, -middle / spread)


def _is_sane(matrix: Numbers, points: Numbers) -> bool:
    """What a person does to a picture: no fold, no needle, no zoom beyond what patches can follow."""
    if not np.isfinite(matrix).all():
        return False
    depth = np.column_stack([points, np.ones(len(points))]) @ matrix[2]
    if depth.min() < _DEPTH_LEAST or depth.max() > 1 / _DEPTH_LEAST:
        return False
    middle = np.append(points.mean(axis=0), 1.0)
    at = matrix @ middle
    local = (matrix[:2, :2] - np.outer(at[:2] / at[2], matrix[2, :2])) / at[2]
    if np.linalg.det(local) <= 0:
        return False
    wide, narrow = np.linalg.svd(local, compute_uv=False)
    return bool(narrow >= _ZOOM_LEAST and wide <= _ZOOM_MOST and wide / narrow <= _STRETCH_MOST)
