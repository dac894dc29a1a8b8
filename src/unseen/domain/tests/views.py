"""Every view that matters, and sets of looks made of them, for the tests of conclusions."""

from collections.abc import Iterator
from itertools import combinations, product

from unseen.domain.recheck import Look, MediaSeen, PageSeen
from unseen.domain.tests.strategies import VANTAGES

VIEWS = tuple(product(PageSeen, MediaSeen))
# One view for each thing that a single look can show.
GONE = (PageSeen.MISSING, MediaSeen.MISSING)
UP = (PageSeen.PRESENT, MediaSeen.MATCHING)
MOVED = (PageSeen.ELSEWHERE, MediaSeen.MATCHING)
BLOCKED = (PageSeen.BLOCKED, MediaSeen.BLOCKED)
WALL = (PageSeen.LOGIN_WALL, MediaSeen.LOGIN_WALL)
NOTHING = (PageSeen.TURNED_AWAY, MediaSeen.UNKNOWN)
NO_NAME = (PageSeen.NO_NAME, MediaSeen.UNKNOWN)
COPY = (PageSeen.MISSING, MediaSeen.COPY)
KINDS = (GONE, UP, MOVED, COPY, BLOCKED, NO_NAME, WALL, NOTHING)
# The lower, the nearer to gone.
WORSE = {GONE: 0, BLOCKED: 1, NO_NAME: 2, WALL: 3, NOTHING: 3, UP: 4, MOVED: 4, COPY: 4}

View = tuple[PageSeen, MediaSeen]


def looked(
    views: tuple[View, ...], vantages: tuple[tuple[str, str, bool], ...] = VANTAGES
) -> tuple[Look, ...]:
    return tuple(Look(*vantage, *view) for vantage, view in zip(vantages, views, strict=False))


def everything() -> Iterator[tuple[Look, ...]]:
    """All views of two vantages in two countries, and all kinds of views of any two to four vantages."""
    for views in product(VIEWS, repeat=2):
        yield looked(views, VANTAGES[1:3])
    for size in (2, 3, 4):
        for vantages in combinations(VANTAGES, size):
            for kinds in product(KINDS, repeat=size):
                yield looked(kinds, vantages)


ALL = tuple(everything())
