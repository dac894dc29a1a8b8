"""Every item's life as one lane: opened, notices by rung, rechecks, closed, back again."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from unseen.demo.page_words import (
    Tone,
    back_again,
    by_platform,
    called_removed_but_served,
    closes,
    days,
    found_by_look,
    looks_again,
    outcome_sign,
    plain,
    returns,
    rung_sign,
    undelivered,
)
from unseen.demo.picture_svg import Axis, length, line, picture, tag, text
from unseen.demo.result import DemoResult, ItemResult
from unseen.domain.notice import Rung

_AFTER_LAST_SHARE = 1.05  # room behind the last event, so that its mark stands free


@dataclass(frozen=True, slots=True)
class LaneFrame:
    """The size of one drawing; where `stacked`, the words stand above the lane and not beside it."""

    name: str
    width: float
    left: float
    right: float
    lane_height: float
    ticks_max: int
    stacked: bool
    name_characters: int

    @property
    def bar(self) -> float:
        """The middle of the bar below the lane's upper edge."""
        return 26.0 if self.stacked else 12.0


LANE_FRAMES = (
    LaneFrame("wide", 1120.0, 196.0, 196.0, 27.0, 14, stacked=False, name_characters=20),
    LaneFrame("middle", 700.0, 176.0, 130.0, 27.0, 9, stacked=False, name_characters=18),
    LaneFrame("narrow", 360.0, 6.0, 10.0, 46.0, 7, stacked=True, name_characters=26),
)
_TOP = 30.0


def open_spans(item: ItemResult, until_hours: float) -> list[tuple[float, float]]:
    """From when to when the item was open: once, and once more for each return."""
    end = item.closed_at_hours if item.closed_at_hours is not None else until_hours
    if item.rounds < 2:
        return [(item.opened_at_hours, end)]
    spans: list[tuple[float, float]] = []
    start: float | None = item.opened_at_hours
    for step in sorted(item.steps, key=lambda step: step.at_hours):
        if start is not None and closes(step) and step.at_hours >= start:
            spans.append((start, step.at_hours))
            start = None
        elif start is None and returns(step):
            start = step.at_hours
    return spans if start is None else [*spans, (start, max(start, end))]


def last_change_hours(result: DemoResult) -> float:
    """After this instant nothing happened but looking; an open item lasts to the end."""
    if any(item.closed_at_hours is None for item in result.items):
        return result.simulated_hours
    happened = [
        at
        for item in result.items
        for at in (item.opened_at_hours, item.closed_at_hours, *(r.received_at_hours for r in item.routes))
        if at is not None
    ]
    return (
        min(result.simulated_hours, max(happened, default=0.0) * _AFTER_LAST_SHARE) or result.simulated_hours
    )


def lanes_picture(result: DemoResult, frame: LaneFrame) -> str:
    """One lane an item, items of one platform together."""
    axis = Axis(frame.left, frame.width - frame.right, last_change_hours(result))
    groups = by_platform(result.items)
    order = [item for items in groups.values() for item in items]
    tops = {item.number: _TOP + index * frame.lane_height for index, item in enumerate(order)}
    bottom = _TOP + len(order) * frame.lane_height
    lanes = [_lane(item, item is groups[item.platform][0], axis, frame, tops[item.number]) for item in order]
    return picture(
        f"lanes-{frame.name}",
        frame.width,
        bottom + 34,
        "The life of each item",
        "One lane an item, from opening to closing. The table below tells the same in words.",
        tag("defs", _hatch(frame)),
        *_time_lines(axis, frame, bottom),
        *_connections(order, tops, axis, frame),
        *lanes,
    )


def _hatch(frame: LaneFrame) -> str:
    stripe = tag("path", d="M-1 5L5 -1M1 7L7 1", class_="hatch")
    return tag("pattern", stripe, id=f"hatch-{frame.name}", width=6, height=6, patternUnits="userSpaceOnUse")


def _time_lines(axis: Axis, frame: LaneFrame, bottom: float) -> Iterator[str]:
    for day in axis.ticks_days(frame.ticks_max):
        x = axis.at(day * 24)
        words = f"day {day:g}" if day == 0 else f"{day:g}"
        yield line(x, _TOP - 8, x, bottom, "grid")
        for y in (_TOP - 14, bottom + 18):
            yield text(words, x, y, "tick", "start" if day == 0 else "middle")


def _connections(
    order: list[ItemResult], tops: dict[int, float], axis: Axis, frame: LaneFrame
) -> Iterator[str]:
    """A returned copy hangs from the item that it came back from."""
    for item in order:
        if item.came_back_from in tops:
            x = axis.at(item.opened_at_hours)
            start, end = tops[item.came_back_from] + frame.bar, tops[item.number] + frame.bar
            yield tag("path", d=f"M{length(x)} {length(start)}V{length(end)}", class_="came-back")


def _lane(item: ItemResult, first: bool, axis: Axis, frame: LaneFrame, top: float) -> str:
    middle = top + frame.bar
    sign = outcome_sign(item)
    told = f"Item {item.number}, {item.platform}: {sign.words}. " + " ".join(
        f"Day {days(step.at_hours)}: {step.words}." for step in item.steps if not looks_again(step)
    )
    return tag(
        "g",
        tag("title", _escaped(told)),
        *_names(item, first, frame, top),
        *_bars(item, axis, frame, middle),
        *_looks(item, axis, middle),
        *_notice_marks(item, axis, middle),
        *_turns(item, axis, middle),
        class_=f"lane {sign.tone}",
    )


def _escaped(words: str) -> str:
    return escape(plain(words))


def _names(item: ItemResult, first: bool, frame: LaneFrame, top: float) -> Iterator[str]:
    name = plain(item.platform)
    if len(name) > frame.name_characters:
        name = name[: frame.name_characters - 1] + "…"
    sign = outcome_sign(item)
    short = "still served" if called_removed_but_served(item) else sign.words.partition(" (")[0]
    words = f"{sign.symbol} {short}"
    if frame.stacked:
        yield text(f"#{item.number} {name}", 0, top + 14, "lane-name")
        yield text(words, frame.width, top + 14, f"lane-end {sign.tone}", "end")
        return
    y = top + frame.bar + 4.5
    if first:
        yield line(0, top - 1.5, frame.width, top - 1.5, "group-line")
        yield text(name, 0, y, "lane-name")
    yield text(f"#{item.number}", frame.left - 16, y, "tick", "end")
    yield text(words, frame.width - frame.right + 14, y, f"lane-end {sign.tone}")


def _bars(item: ItemResult, axis: Axis, frame: LaneFrame, middle: float) -> Iterator[str]:
    """Open: a broad grey bar. Closed: a line as long as we keep watching; hatched where it is not gone for all."""
    spans = open_spans(item, axis.hours)
    tone = outcome_sign(item).tone
    for index, (start, end) in enumerate(spans):
        x1, x2 = axis.at(start), axis.at(end)
        yield tag("rect", x=x1, y=middle - 4.5, width=max(2.0, x2 - x1), height=9, rx=2, class_="open-bar")
        last = index + 1 == len(spans)
        until = axis.right if last else axis.at(spans[index + 1][0])
        if not last or tone is Tone.GOOD:
            yield line(x2, middle, until, middle, "gone-line")
        elif item.closed_at_hours is not None and tone is not Tone.OPEN:
            shape = {"x": x2, "y": middle - 3.5, "width": max(0.0, until - x2), "height": 7.0}
            yield tag("rect", fill=f"url(#hatch-{frame.name})", **shape)


def _looks(item: ItemResult, axis: Axis, middle: float) -> Iterator[str]:
    """Rechecks as dots below the bar: full where gone, hollow where seen, a dash where unknown."""
    below = length(middle + 8.5)
    paths = dict.fromkeys((Tone.GOOD, Tone.BAD, Tone.OPEN), "")
    for step in item.steps:
        if looks_again(step) and step.at_hours <= axis.hours:
            x, tone = axis.at(step.at_hours), found_by_look(step)
            paths[tone] += f"M{length(x - 1.5)} {below}h3" if tone is Tone.OPEN else f"M{length(x)} {below}h0"
    for tone, path in paths.items():
        if path:
            yield tag("path", d=path, class_=f"look {tone}")
    if paths[Tone.BAD]:
        yield tag("path", d=paths[Tone.BAD], class_="look hole")


def _notice_marks(item: ItemResult, axis: Axis, middle: float) -> Iterator[str]:
    for route in item.routes:
        if route.received_at_hours is None:
            continue
        x = axis.at(route.received_at_hours)
        symbol, _ = rung_sign(route.rung)
        told = tag("title", _escaped(f"{symbol} {route.addressee}, day {days(route.received_at_hours)}"))
        yield tag("path", told, d=notice_shape(route.rung, x, middle), class_="notice")
        if undelivered(route):
            yield tag("path", d=_cross(x, middle, 6.5), class_="failed")


# Those with a mark of their own; the small internet has nobody for the others.
DRAWN_RUNGS = (Rung.PLATFORM, Rung.PLATFORM_FINAL, Rung.HOST, Rung.REGULATOR)


def notice_shape(rung: str, x: float, y: float) -> str:
    """The path of a rung's mark: circle, square, diamond, triangle."""
    left, up = length(x), length(y)
    match rung:
        case Rung.PLATFORM_FINAL:
            return f"M{length(x - 4.2)} {length(y - 4.2)}h8.4v8.4h-8.4z"
        case Rung.HOST:
            return f"M{left} {length(y - 6)}l6 6l-6 6l-6 -6z"
        case Rung.REGULATOR:
            return f"M{left} {length(y - 6.2)}l6.2 10.8h-12.4z"
        case _:
            return f"M{length(x - 5)} {up}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z"


def _cross(x: float, y: float, half: float) -> str:
    low, high = length(x - half), length(x + half)
    return f"M{low} {length(y - half)}L{high} {length(y + half)}M{low} {length(y + half)}L{high} {length(y - half)}"


def _turns(item: ItemResult, axis: Axis, middle: float) -> Iterator[str]:
    """A check where it closed as gone, a bar where it closed otherwise, an arrow back where it returned."""
    spans = open_spans(item, axis.hours)
    for index, (_, end) in enumerate(spans):
        last = index + 1 == len(spans)
        if last and item.closed_at_hours is None:
            continue
        x = axis.at(end)
        if last and outcome_sign(item).tone is not Tone.GOOD:
            kind = "stop" if outcome_sign(item).tone is not Tone.OPEN else "stop quiet"
            yield tag("path", d=f"M{length(x)} {length(middle - 7)}v14", class_=kind)
        else:
            yield tag("circle", cx=x, cy=middle, r=6.5, class_="gone-mark")
            yield tag("path", d=f"M{length(x - 3)} {length(middle + 0.2)}l2.2 2.4l3.8 -4.8", class_="check")
    for at in back_again(item):
        yield tag("path", d=back_shape(axis.at(at) - 13, middle), class_="back-mark")


def back_shape(x: float, y: float) -> str:
    """An arrow that turns back."""
    return f"M{length(x - 4.6)} {length(y - 1)}a4.8 4.8 0 1 1 0.6 3.6M{length(x - 5.4)} {length(y - 5.2)}l0.8 4.6l4.4 -1"
