"""The key to the marks in the lanes, drawn with the same shapes."""

from collections.abc import Iterator

from unseen.demo.page_words import rung_words
from unseen.demo.picture_lanes import DRAWN_RUNGS, back_shape, notice_shape
from unseen.demo.picture_svg import line, tag

_MIDDLE = 8.0


def key() -> Iterator[tuple[str, str]]:
    """Mark (markup) and words."""
    for rung in DRAWN_RUNGS:
        yield _mark(tag("path", d=notice_shape(rung, _MIDDLE, _MIDDLE), class_="notice")), rung_words(rung)
    yield _mark(tag("rect", x=0, y=3.5, width=24, height=9, rx=2, class_="open-bar"), width=24), "open"
    check = tag("path", d="M5 8.2l2.2 2.4l3.8 -4.8", class_="check")
    gone = tag("circle", cx=8, cy=8, r=6.5, class_="gone-mark") + check
    yield _mark(line(8, 8, 28, 8, "gone-line"), gone, width=28), "removed, still watched"
    stripes = "".join(tag("path", d=f"M{x} 12l7 -8", class_="hatch") for x in (2, 8, 14, 20))
    yield (
        _mark(stripes, tag("path", d="M2 1v14", class_="stop"), width=28),
        "closed, but not gone for everybody",
    )
    yield _mark(tag("path", d=back_shape(_MIDDLE, _MIDDLE), class_="back-mark")), "back again"
    yield _mark(tag("path", d="M8 8h0", class_="look good")), "recheck: gone"
    hole = tag("path", d="M8 8h0", class_="look hole")
    yield _mark(tag("path", d="M8 8h0", class_="look bad"), hole), "recheck: still there for somebody"
    yield _mark(tag("path", d="M6 8h3", class_="look open")), "recheck: unknown"


def _mark(*inside: str, width: float = 16) -> str:
    size: dict[str, str | float] = {"width": width, "height": 16}
    return tag("svg", *inside, viewBox=f"0 0 {width:g} 16", aria_hidden="true", **size)
