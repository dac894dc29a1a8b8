"""Removal over time: copies that somebody can truly still get, as a step area, and items that the engine holds open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unseen.demo.page_words import HOURS_A_DAY, back_again, counted, days, listed
from unseen.demo.picture_svg import Axis, length, line, picture, tag, text, ticks_count
from unseen.demo.result import CurvePoint, DemoResult

_NEAR_HOURS_SHARE = 0.06  # returns closer together than this share of the axis are told in one note
_LABEL_GAP = 34.0
_NOTE_HEIGHT = 38.0
_NOTE_LEVELS_MAX = 4  # more notes would hide the curve; the story and the table tell them all
_LETTER_WIDTH = 7.2


@dataclass(frozen=True, slots=True)
class Frame:
    """The size and margins of one drawing. A phone gets its own drawing, for scaled text cannot be read."""

    name: str
    width: float
    plot_height: float
    left: float
    right: float
    ticks_max: int
    labels_inside: bool


FRAMES = (
    Frame("wide", 1120.0, 320.0, 44.0, 176.0, 12, labels_inside=False),
    Frame("middle", 700.0, 290.0, 40.0, 150.0, 9, labels_inside=False),
    Frame("narrow", 360.0, 236.0, 30.0, 6.0, 6, labels_inside=True),
)


@dataclass(frozen=True, slots=True)
class Note:
    """A return's two lines of text: where, on which level from the curve upwards, and from where to where."""

    event: "Return"
    x: float
    level: int
    low: float
    high: float

    def touches(self, other: "Note") -> bool:
        """Whether texts overlap on one level, or the line to the upper one runs through the lower one's text."""
        if self.level == other.level:
            return self.low <= other.high and other.low <= self.high
        upper, lower = (self, other) if self.level > other.level else (other, self)
        return lower.low <= upper.x <= lower.high


@dataclass(frozen=True, slots=True)
class Return:
    """Copies that came back at about the same time: how many came online, and which items were found again."""

    at_hours: float
    copies: int
    items: tuple[int, ...]

    @property
    def words(self) -> tuple[str, str]:
        """Two short lines."""
        numbers = listed(f"#{number}" for number in self.items)
        if not self.copies:
            return "found again", numbers
        came = f"{counted(self.copies, 'copy', 'copies')} back online"
        return came, f"found again: {numbers}" if self.items else "not yet found again"


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts from the floor of the plot upwards."""

    top: float
    floor: float
    marks: Sequence[float]

    def at(self, count: float) -> float:
        return self.floor - count * (self.floor - self.top) / self.marks[-1]


def changes(curve: Sequence[CurvePoint]) -> list[CurvePoint]:
    """The points at which a count changes, and the last one."""
    kept: list[CurvePoint] = []
    for point in sorted(curve, key=lambda point: point.at_hours):
        if not kept or (point.copies_served, point.items_open) != (
            kept[-1].copies_served,
            kept[-1].items_open,
        ):
            kept.append(point)
    last = max(curve, key=lambda point: point.at_hours, default=None)
    return kept if last is None or kept[-1] is last else [*kept, last]


def returned(result: DemoResult) -> list[Return]:
    """Every re-appearance: rises of the truth after its first fall, and items that the engine found back."""
    happened = [(at, rise, 0) for at, rise in _rises(changes(result.curve))]
    happened += [(at, 0, item.number) for item in result.items for at in back_again(item)]
    near_hours = result.simulated_hours * _NEAR_HOURS_SHARE
    grouped: list[list[tuple[float, int, int]]] = []
    for event in sorted(happened):
        if grouped and event[0] - grouped[-1][-1][0] <= near_hours:
            grouped[-1].append(event)
        else:
            grouped.append([event])
    return [
        Return(
            group[0][0], sum(rise for _, rise, _ in group), tuple(number for _, _, number in group if number)
        )
        for group in grouped
    ]


def _rises(curve: Sequence[CurvePoint]) -> Iterator[tuple[float, int]]:
    fallen = False
    for before, after in pairwise(curve):
        rise = after.copies_served - before.copies_served
        fallen = fallen or rise < 0
        if fallen and rise > 0:
            yield after.at_hours, rise


def curve_picture(result: DemoResult, frame: Frame) -> str:
    """The picture of removal over time in one frame."""
    points = changes(result.curve) or [CurvePoint(0.0, 0, 0)]
    axis = Axis(frame.left, frame.width - frame.right, max(result.simulated_hours, points[-1].at_hours))
    notes = _placed(returned(result), axis)
    top = 14.0 + _NOTE_HEIGHT * max((note.level + 1 for note in notes), default=0)
    highest = max(1, *(max(point.copies_served, point.items_open) for point in points))
    scale = Scale(top, top + frame.plot_height, ticks_count(highest, 7))
    served = _steps(axis, scale, [(point.at_hours, point.copies_served) for point in points])
    held = _steps(axis, scale, [(point.at_hours, point.items_open) for point in points])
    first, floor = length(axis.at(points[0].at_hours)), length(scale.floor)
    area = f"M{first} {floor}{served.replace('M', 'L', 1)}V{floor}Z"
    return picture(
        f"curve-{frame.name}",
        frame.width,
        scale.floor + 44,
        "Removal over time",
        curve_story(result),
        *_grid(axis, frame, scale),
        tag("path", d=area, class_="served-area"),
        tag("path", d=held, class_="held-line"),
        tag("path", d=served, class_="served-line"),
        *_notes(notes, points, scale),
        *_end_labels(points[-1], axis, frame, scale),
    )


def _placed(events: Sequence[Return], axis: Axis) -> list[Note]:
    """Each note on the lowest level on which neither its text nor its line touches another.

    From the last to the first: text mostly stands right of its line, so an earlier note's line rises freely.
    """
    notes: list[Note] = []
    for event in reversed(events):
        x = axis.at(event.at_hours)
        width = _LETTER_WIDTH * max(map(len, _lines(event))) + 14
        low = _text_from(x, width, axis)
        levels = (Note(event, x, level, low, low + width) for level in range(_NOTE_LEVELS_MAX))
        free = next((note for note in levels if not any(map(note.touches, notes))), None)
        notes += [free] if free else []
    return notes


def _text_from(x: float, width: float, axis: Axis) -> float:
    """Right of its line, or left of it, or, where there is room for neither, above it."""
    if x + width <= axis.right + 4:
        return x
    return x - width if x >= width else max(0.0, axis.right - width)


def _lines(event: Return) -> tuple[str, str]:
    first, second = event.words
    return f"Day {days(event.at_hours)}: {first}", second


def curve_story(result: DemoResult) -> str:
    """The curve in sentences."""
    points = changes(result.curve)
    if not points:
        return "Nothing was counted."
    most = max(point.copies_served for point in points)
    told = [f"At most {counted(most, 'copy', 'copies')} could be got by somebody."]
    told += [f"Day {days(event.at_hours)}: {', '.join(event.words)}." for event in returned(result)]
    last = points[-1]
    told.append(
        f"At the end, on day {days(last.at_hours)}, {counted(last.copies_served, 'copy', 'copies')} can still be got "
        f"by somebody, and {counted(last.items_open, 'item')} {'is' if last.items_open == 1 else 'are'} open."
    )
    return " ".join(told)


def _steps(axis: Axis, scale: Scale, counts: Sequence[tuple[float, int]]) -> str:
    """A line that holds each count until the next."""
    path = ""
    for at_hours, count in counts:
        x, y = length(axis.at(at_hours)), length(scale.at(count))
        path += f"H{x}V{y}" if path else f"M{x} {y}"
    return f"{path}H{length(axis.right)}"


def _grid(axis: Axis, frame: Frame, scale: Scale) -> Iterator[str]:
    for mark in scale.marks:
        y = scale.at(mark)
        yield line(axis.left, y, axis.right, y, "floor" if mark == 0 else "grid")
        yield text(length(mark), axis.left - 8, y + 4, "tick", "end")
    for day in axis.ticks_days(frame.ticks_max):
        x, first = axis.at(day * HOURS_A_DAY), day == 0
        yield line(x, scale.floor, x, scale.floor + 5, "floor")
        yield text(
            "day 0" if first else f"{day:g}", x, scale.floor + 20, "tick", "start" if first else "middle"
        )
    yield text("simulated days", axis.right, scale.floor + 38, "tick", "end")


def _notes(notes: Sequence[Note], points: Sequence[CurvePoint], scale: Scale) -> Iterator[str]:
    """A thin line, a ring on the curve and two short lines of text for each return."""
    for note in notes:
        before = [point.copies_served for point in points if point.at_hours <= note.event.at_hours]
        y = scale.at(before[-1] if before else 0)
        upper = scale.top - 10 - _NOTE_HEIGHT * note.level
        x, anchor = (note.x - 7, "end") if note.high <= note.x else (note.low + 7, "start")
        above = note.low < note.x < note.high
        first, second = _lines(note.event)
        yield line(note.x, upper + 5 if above else upper - 26, note.x, y, "note-line")
        yield tag("circle", cx=note.x, cy=y, r=4.5, class_="note-dot")
        yield text(first, x, upper - 16, "note strong", anchor)
        yield text(second, x, upper, "note", anchor)


def _end_labels(last: CurvePoint, axis: Axis, frame: Frame, scale: Scale) -> Iterator[str]:
    """Each line says its own name where it ends, so that no legend is needed."""
    lowest = scale.floor - (0 if frame.labels_inside else 16)
    served, held = (min(lowest, scale.at(count)) for count in (last.copies_served, last.items_open))
    if abs(served - held) < _LABEL_GAP:
        upper = min(served, held, lowest - _LABEL_GAP)
        served, held = (upper, upper + _LABEL_GAP) if served <= held else (upper + _LABEL_GAP, upper)
    served_words = (f"{last.copies_served} {'copy' if last.copies_served == 1 else 'copies'}", "still served")
    held_words = (f"{last.items_open} {'item' if last.items_open == 1 else 'items'}", "held open")
    for y, words, kind in ((served, served_words, "served-label"), (held, held_words, "held-label")):
        if frame.labels_inside:
            yield text(" ".join(words), axis.right - 2, y - 8, f"label {kind}", "end")
        else:
            yield text(words[0], axis.right + 12, y - 2, f"label {kind}")
            yield text(words[1], axis.right + 12, y + 14, f"label sub {kind}")
