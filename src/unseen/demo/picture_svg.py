"""Small parts of an SVG picture: escaped tags, text, and a time axis in days. Lengths are SVG units."""

from dataclasses import dataclass
from html import escape

from unseen.demo.page_words import HOURS_A_DAY, plain

_STEPS_DAYS = (0.25, 0.5, 1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365)
_STEPS_COUNT = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


def length(value: float) -> str:
    """A number with at most one decimal, as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")


def tag(name: str, *inside: str, **attributes: str | float) -> str:
    """One element. `inside` is markup; attribute values are escaped; `class_` and `stroke_width` become SVG's names."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{length(value) if isinstance(value, float | int) else escape(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def text(words: str, x: float, y: float, kind: str, anchor: str = "start") -> str:
    """A line of text with its baseline at y."""
    attributes: dict[str, str | float] = {} if anchor == "start" else {"text_anchor": anchor}
    return tag("text", escape(plain(words)), x=x, y=y, class_=kind, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def picture(name: str, width: float, height: float, title: str, story: str, *inside: str) -> str:
    """A whole picture. `name` makes its ids unique in the page; `story` is what one would tell who cannot see it."""
    named = tag("title", escape(plain(title)), id=f"{name}-title")
    told = tag("desc", escape(plain(story)), id=f"{name}-desc")
    return tag(
        "svg",
        named,
        told,
        *inside,
        viewBox=f"0 0 {length(width)} {length(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_="picture",
    )


@dataclass(frozen=True, slots=True)
class Axis:
    """Simulated hours 0..hours laid out between two x positions."""

    left: float
    right: float
    hours: float

    def at(self, hours: float) -> float:
        """The x position of an instant; what lies outside is drawn at the edge."""
        share = min(1.0, max(0.0, hours / self.hours)) if self.hours > 0 else 0.0
        return self.left + share * (self.right - self.left)

    def ticks_days(self, count_max: int) -> list[float]:
        """Round days from 0 on, at most `count_max` of them."""
        return stepped(self.hours / HOURS_A_DAY, count_max, _STEPS_DAYS)


def ticks_count(highest: int, count_max: int) -> list[float]:
    """Round counts from 0 to at least `highest`."""
    marks = stepped(highest, count_max, _STEPS_COUNT)
    step = marks[1] - marks[0] if len(marks) > 1 else 1
    return marks if marks[-1] >= highest else [*marks, marks[-1] + step]


def stepped(end: float, count_max: int, steps: tuple[float, ...]) -> list[float]:
    step = next((step for step in steps if end / step < count_max), steps[-1])
    return [step * number for number in range(int(end / step) + 1)]
