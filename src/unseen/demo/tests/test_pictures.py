import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from unseen.demo.picture_curve import FRAMES, Frame, changes, curve_picture, curve_story, returned
from unseen.demo.picture_lanes import LANE_FRAMES, LaneFrame, lanes_picture, last_change_hours, open_spans
from unseen.demo.picture_svg import Axis, ticks_count
from unseen.demo.result import CurvePoint, DemoResult
from unseen.demo.tests.sample import RETURNED_IN_PLACE, SIMULATED_HOURS, all_failed, liar, sample


def parts(svg: str, kind: str) -> list[ET.Element]:
    """Elements of one class. The picture is our own markup, so that the plain parser may read it."""
    root = ET.fromstring(svg)  # noqa: S314 - see above
    return [each for each in root.iter() if each.get("class") == kind]


@pytest.mark.parametrize("told", [sample(), liar()], ids=["sample", "liar"])
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_the_curve_ends_where_the_truth_ends(told: DemoResult, frame: Frame) -> None:
    still = sum(1 for item in told.items if item.still_served)
    svg = curve_picture(told, frame)
    path = parts(svg, "served-line")[0].get("d") or ""
    floor = max(float(each.get("y1") or 0) for each in parts(svg, "floor"))
    highest = min(float(each.get("y1") or 0) for each in parts(svg, "grid"))
    count = (floor - float(re.findall(r"V([\d.]+)", path)[-1])) / (floor - highest) * 25
    assert round(count, 1) == still
    assert f"{still} copies" in svg
    assert f"{path.rsplit('H', 1)[1]}" == f"{frame.width - frame.right:g}"


def test_points_that_change_nothing_are_left_out() -> None:
    kept = changes(sample().curve)
    assert len(kept) < 40
    assert kept[-1] == sample().curve[-1]
    pairs = [(point.copies_served, point.items_open) for point in kept[:-1]]
    assert all(before != after for before, after in pairwise(pairs))
    assert changes(()) == []


def test_a_return_is_told_once_with_the_items_that_were_found_again() -> None:
    events = returned(sample())
    assert [(event.copies, event.items) for event in events] == [(2, (23, 26))]
    assert "two copies back online, found again: #23 and #26" in curve_story(sample())


def test_a_return_that_nobody_found_is_said() -> None:
    curve = (CurvePoint(0, 3, 3), CurvePoint(50, 0, 0), CurvePoint(300, 1, 0), CurvePoint(900, 1, 0))
    told = replace(sample(), items=(), curve=curve)
    assert "one copy back online, not yet found again" in curve_story(told)


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_many_returns_never_write_over_each_other(frame: Frame) -> None:
    served = [5, 0] + [1, 0] * 8
    curve = tuple(CurvePoint(55.0 * index, count, 0) for index, count in enumerate(served))
    svg = curve_picture(replace(sample(), items=(), curve=curve), frame)
    boxes = []
    for words, rule in zip(parts(svg, "note strong"), parts(svg, "note-line"), strict=True):
        x, width = float(words.get("x") or 0), 6.5 * len(words.text or "")
        low, high = (x - width, x) if words.get("text-anchor") == "end" else (x, x + width)
        boxes.append((low, high, float(words.get("y") or 0), float(rule.get("x1") or 0)))
    assert len(boxes) > 1
    assert all(low >= 0 and high <= frame.width for low, high, _, _ in boxes)
    for one in boxes:
        for other in boxes:
            if one is other:
                continue
            overlap = one[0] < other[1] and other[0] < one[1]
            assert not (overlap and one[2] == other[2])
            crossed = one[0] < other[3] < one[1]
            assert not (crossed and other[2] < one[2]), "a line runs through a text below its own"


def test_a_copy_found_again_later_has_its_own_note() -> None:
    told = sample()
    late = replace(told.items[-1], opened_at_hours=600.0)
    story = curve_story(replace(told, items=(*told.items[:-1], late)))
    assert "found again: #23. Day 25: found again, #26." in story


def test_an_item_that_came_back_has_two_spans() -> None:
    items = {item.number: item for item in sample().items}
    first, second = open_spans(items[RETURNED_IN_PLACE], SIMULATED_HOURS)
    assert first[1] < second[0]
    assert second[1] == items[RETURNED_IN_PLACE].closed_at_hours
    assert len(open_spans(items[1], SIMULATED_HOURS)) == 1


@pytest.mark.parametrize("frame", LANE_FRAMES, ids=lambda frame: frame.name)
def test_every_item_has_a_lane_with_its_notices(frame: LaneFrame) -> None:
    told = sample()
    svg = lanes_picture(told, frame)
    assert all(f"#{item.number}" in svg for item in told.items)
    assert len(parts(svg, "notice")) == sum(len(item.routes) for item in told.items)
    assert len(parts(svg, "failed")) == 2
    assert len(parts(svg, "back-mark")) == 2
    assert len(parts(svg, "came-back")) == 1
    assert len(parts(svg, "gone-mark")) == 20  # 19 removed, one of them twice


def test_lanes_end_with_the_last_change_or_with_the_run() -> None:
    assert 11 * 24 < last_change_hours(sample()) < 12 * 24
    assert last_change_hours(all_failed()) == SIMULATED_HOURS


def test_an_empty_run_can_be_drawn() -> None:
    told = replace(sample(), items=(), curve=(), simulated_hours=0.0)
    assert parts(curve_picture(told, FRAMES[0]), "served-line")
    assert lanes_picture(told, LANE_FRAMES[0])


@pytest.mark.parametrize(
    ("days", "marks"), [(40, [0, 5, 10]), (0.5, [0, 0.25, 0.5]), (1, [0, 0.25, 0.5]), (400, [0, 60, 120])]
)
def test_days_have_round_ticks(days: float, marks: list[float]) -> None:
    ticks = Axis(0, 100, days * 24).ticks_days(9)
    assert ticks[:3] == marks
    assert len(ticks) <= 9


def test_counts_reach_the_highest() -> None:
    assert ticks_count(25, 7) == [0, 5, 10, 15, 20, 25]
    assert ticks_count(26, 7)[-1] >= 26
    assert ticks_count(1, 7) == [0, 1]
