"""How the places of a case spread over time, and how they went away: numbers, and a picture of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from unseen.casework.models import Item
from unseen.domain.item import Outcome

WIDTH, HEIGHT = 640, 180
_POINTS_MAX = 120  # more cannot be told apart at this width


@dataclass(frozen=True, slots=True)
class Point:
    """How many places were known at a time, and at how many of them it was still up as far as we know."""

    at: datetime
    known: int
    up: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Two step lines as SVG's points, and the table behind them."""

    points: tuple[Point, ...]
    known_line: str
    up_area: str
    most: int


def spread(items: Iterable[Item], now: datetime) -> Picture | None:
    """The picture of these items until now; None when there is none."""
    points = _points(list(items), now)
    if not points:
        return None
    most = max(one.known for one in points)
    begin, width = points[0].at, max(now - points[0].at, timedelta(seconds=1))

    def line(heights: Sequence[int]) -> list[str]:
        placed = [((one.at - begin) / width * WIDTH, high) for one, high in zip(points, heights, strict=True)]
        corners, before = [], 0
        for x, high in placed:
            corners += [_corner(x, before, most), _corner(x, high, most)]
            before = high
        return [*corners, _corner(WIDTH, before, most)]

    up = line([one.up for one in points])
    area = [_corner(0, 0, most), *up, _corner(WIDTH, 0, most)]
    return Picture(points, " ".join(line([one.known for one in points])), " ".join(area), most)


def _points(items: Sequence[Item], now: datetime) -> tuple[Point, ...]:
    """One point for each instant at which something changed, thinned to what can be seen."""
    steps: dict[datetime, tuple[int, int]] = {}
    for item in items:
        _add(steps, item.opened_at, 1, 1)
        if item.outcome == Outcome.REMOVED and item.gone_since is not None:
            _add(steps, min(item.gone_since, now), 0, -1)
    known = up = 0
    points = []
    for at in sorted(steps):
        known, up = known + steps[at][0], up + steps[at][1]
        points.append(Point(at, known, up))
    every = -(-len(points) // _POINTS_MAX)
    return tuple(
        one for number, one in enumerate(points) if every == 1 or (len(points) - 1 - number) % every == 0
    )


def _add(steps: dict[datetime, tuple[int, int]], at: datetime, known: int, up: int) -> None:
    before = steps.get(at, (0, 0))
    steps[at] = (before[0] + known, before[1] + up)


def _corner(x: float, high: int, most: int) -> str:
    return f"{x:.1f},{HEIGHT - high / most * (HEIGHT - 8):.1f}"
