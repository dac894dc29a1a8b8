"""Where a picture may lie inside another: within flat borders, on a screenshot's page, beside a second one, on a background.

Several guesses, best first, none sure: each costs the query some fingerprints, a wrong one nothing else.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint.pdq import Floats

Bools = NDArray[np.bool_]

_FLAT_LEVELS = (
    14.0  # a page or border keeps a spread of a few levels through JPEG; a photograph's row has more
)
_PAGE_SHARE_MIN = 0.72  # of a line, so that a line of text or a button does not end the page
_STEP_LEVELS = 7.0  # a step between neighbours that counts as a piece of an edge
_PLANE_PIXELS_MAX = 2_000_000  # a dozen arrays of this size are held at once, in a child of 512 MiB
_LINES_MAX = 8  # candidate lines a direction; nine tenths of the boxes in screenshots use the first five
_RUN_TOLERANCE = 0.4  # an edge may be interrupted on this share of its length
_SIDE_SHARE_MIN = 0.16  # a smaller box holds too few pixels to be recognised
_SIDE_PIXELS_MIN = 64  # a fingerprint reads 64 x 64 samples
_FRAMES_MAX = 60  # of the strongest rectangles; many are alike
_ALIKE_SHARE = 0.008  # two boxes nearer than this share of the side give the same fingerprint


@dataclass(frozen=True, slots=True)
class Box:
    """Columns [left, right) and rows [top, bottom)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)


def content_boxes(luma: Floats, most: int) -> tuple[Box, ...]:
    """Up to `most` guesses of the picture proper, never the whole of it: blocks on flat ground first, then framed ones."""
    height, width = luma.shape
    if luma.size > _PLANE_PIXELS_MAX:
        return ()
    whole = Box(0, 0, width, height)
    blocks = sorted(_blocks(luma, whole, 4), key=lambda box: -box.area)
    kept: list[Box] = [whole]
    for box in [*blocks[:3], *_framed(luma), *blocks[3:]]:
        if _large(box, whole) and not any(_alike(box, other) for other in kept):
            kept.append(box)
    return tuple(kept[1 : most + 1])


def _large(box: Box, whole: Box) -> bool:
    across, down = (box.right - box.left) / whole.right, (box.bottom - box.top) / whole.bottom
    return (
        across >= _SIDE_SHARE_MIN
        and down >= _SIDE_SHARE_MIN / 2
        and min(box.right - box.left, box.bottom - box.top) >= _SIDE_PIXELS_MIN
    )


def _alike(one: Box, two: Box) -> bool:
    across = _ALIKE_SHARE * (one.right - one.left)
    down = _ALIKE_SHARE * (one.bottom - one.top)
    return (
        abs(one.left - two.left) <= across
        and abs(one.right - two.right) <= across
        and abs(one.top - two.top) <= down
        and abs(one.bottom - two.bottom) <= down
    )


def _blocks(luma: Floats, box: Box, depth: int) -> list[Box]:
    """Cut along flat lines, rows then columns, again inside each piece (Nagy and Seth 1984, the X-Y cut)."""
    found: list[Box] = []
    for rows in (True, False):
        runs = _runs(luma[box.top : box.bottom, box.left : box.right], rows)
        if not runs:
            return found
        parts = [
            Box(box.left, box.top + first, box.right, box.top + last)
            if rows
            else Box(box.left + first, box.top, box.left + last, box.bottom)
            for first, last in runs
        ]
        if parts != [box]:
            for part in parts[:3]:
                found.append(part)
                if depth > 1:
                    found += _blocks(luma, part, depth - 1)
            return found
    return found


def _runs(part: Floats, rows: bool) -> list[tuple[int, int]]:
    """The stretches of lines that are not ground, longest first; specks below a tenth of the length are dropped."""
    lines = part[:, ::3] if rows else part.T[:, ::3]  # a third of the pixels says as much
    ground = np.median(lines, axis=1)
    flat = (np.abs(lines - ground[:, None]) <= _FLAT_LEVELS / 2).mean(axis=1) >= _PAGE_SHARE_MIN
    if flat.any():  # a picture's own edge may be flat too, but seldom of the page's level
        pages = np.array([ground[0], ground[-1], np.median(ground[flat])])
        flat &= (np.abs(ground[:, None] - pages) <= _FLAT_LEVELS).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([1], flat.astype(np.int8), [1]))))
    runs = [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    least = max(32, len(lines) // 10)
    return sorted((run for run in runs if run[1] - run[0] >= least), key=lambda run: run[0] - run[1])


def _framed(luma: Floats) -> list[Box]:
    """Rectangles whose sides are long straight edges or the picture's own ends, strongest first."""
    height, width = luma.shape
    across, down = _edge_map(luma), _edge_map(luma.T)
    columns, rows = _lines(across), _lines(down)
    support_x = np.concatenate((np.zeros((1, width + 1), np.float32), np.cumsum(across, axis=0)))
    support_y = np.concatenate((np.zeros((1, height + 1), np.float32), np.cumsum(down, axis=0)))
    lefts, rights = (
        np.array([pair for pair in combinations(columns, 2) if pair[1] - pair[0] >= _SIDE_PIXELS_MIN])
        .reshape(-1, 2)
        .T
    )
    tops, bottoms = (
        np.array([pair for pair in combinations(rows, 2) if pair[1] - pair[0] >= _SIDE_PIXELS_MIN])
        .reshape(-1, 2)
        .T
    )
    if not len(lefts) or not len(tops):
        return []
    high, wide = (bottoms - tops)[None, :], (rights - lefts)[:, None]
    sides, inner = [], []
    for x in (lefts, rights):
        sides.append((support_x[np.ix_(bottoms, x)] - support_x[np.ix_(tops, x)]).T / high)
        inner.append(np.broadcast_to(((x > 0) & (x < width))[:, None], sides[-1].shape))
    for y in (tops, bottoms):
        sides.append((support_y[np.ix_(rights, y)] - support_y[np.ix_(lefts, y)]) / wide)
        inner.append(np.broadcast_to(((y > 0) & (y < height))[None, :], sides[-1].shape))
    found, real = np.stack(sides), np.stack(inner)
    weakest = np.where(real, found, 1).min(axis=0)
    mean = (found * real).sum(axis=0) / np.maximum(1, real.sum(axis=0))
    worth = weakest + 0.5 * mean + 0.4 * (high * wide) / (width * height)
    worth[(weakest < 1 - 1.5 * _RUN_TOLERANCE) | ~real.any(axis=0)] = -1
    order = np.argsort(-worth, axis=None)[:_FRAMES_MAX]
    places = [np.unravel_index(each, worth.shape) for each in order]
    return [
        Box(int(lefts[x]), int(tops[y]), int(rights[x]), int(bottoms[y]))
        for x, y in places
        if worth[x, y] > 0
    ]


def _edge_map(luma: Floats) -> Floats:
    """1 where the step between columns x-1 and x is an edge and the largest around; float32[H, W+1], 0 at both ends."""
    step = np.abs(np.diff(luma, axis=1))
    made = np.zeros((luma.shape[0], luma.shape[1] + 1), np.float32)
    strong = step > _STEP_LEVELS
    strong[:, 2:-2] &= (step[:, 2:-2] >= 2 * step[:, :-4]) & (step[:, 2:-2] >= 2 * step[:, 4:]) | (
        step[:, 2:-2] > 48
    )
    made[:, 1:-1] = strong
    return made


def _lines(edges: Floats) -> list[int]:
    """Columns with the longest runs of edge, and both ends, in order. The run is the best sum of edge minus tolerance."""
    gain = edges - np.float32(1 - _RUN_TOLERANCE)
    total = np.cumsum(gain, axis=0)
    lowest = np.minimum(np.minimum.accumulate(total, axis=0), 0)
    best = (total - lowest).max(axis=0)
    found: list[int] = []
    for column in np.argsort(-best[1:-1])[: 6 * _LINES_MAX] + 1:
        if best[column] < 0.08 * len(edges):
            break
        if all(abs(int(column) - other) > 3 for other in found):
            found.append(int(column))
        if len(found) == _LINES_MAX:
            break
    return sorted({0, edges.shape[1] - 1, *found})
