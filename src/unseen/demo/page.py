"""The demonstration's result as one self-contained HTML file: no script, no request to anywhere."""

import re
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString

from unseen.demo import page_rows
from unseen.demo.page_key import key
from unseen.demo.page_words import (
    broken,
    counted,
    days,
    decimal,
    listed,
    outcome_words,
    plain,
    sentence,
    totals,
    uncovered,
    verdict_words,
    whole,
)
from unseen.demo.picture_curve import FRAMES, changes, curve_picture
from unseen.demo.picture_lanes import LANE_FRAMES, lanes_picture, last_change_hours
from unseen.demo.result import DemoResult
from unseen.demo.upload_words import UPLOAD_COLUMNS, upload_rows, upload_words
from unseen.domain.item import Outcome

TEMPLATES = Path(__file__).parent / "templates"


def render_page(result: DemoResult) -> str:
    """The whole page. All text of the result is escaped; only our own style and pictures are markup."""
    # Strings only: Django would look for settings to write a number.
    engine = Engine(dirs=[str(TEMPLATES)], debug=False)
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    shown = {
        "style": SafeString(style),
        "verdict": verdict_words(result),
        "broken": page_rows.promises(broken(result)),
        "outcomes": outcome_words(result),
        "uncovered": _uncovered_words(result),
        "liars": _liars_words(result),
        "totals": totals(result),
        "curves": [(frame.name, SafeString(curve_picture(result, frame))) for frame in FRAMES],
        "points": [
            (days(point.at_hours), whole(point.copies_served), whole(point.items_open))
            for point in changes(result.curve)
        ],
        "lanes": [(frame.name, SafeString(lanes_picture(result, frame))) for frame in LANE_FRAMES],
        "lanes_end": _lanes_end(result),
        "key": [(SafeString(mark), words) for mark, words in key()],
        "rows": page_rows.rows(result),
        "promises": page_rows.promises(result.verdicts),
        "upload_columns": [words for _, _, words in UPLOAD_COLUMNS],
        "upload_rows": upload_rows(result),
        "upload_words": upload_words(result),
        "platforms": page_rows.platforms(result),
        "made": _made(result),
    }
    page = engine.get_template("page.html").render(Context(shown, autoescape=True))
    return re.sub(r"\n\s+", "\n", page)


def _uncovered_words(result: DemoResult) -> str:
    """Copies without an item are said, not hidden: after a withdrawal nothing looks for them any more."""
    count = uncovered(result)
    if not count:
        return ""
    withdrawn = any(item.outcome == Outcome.WITHDRAWN for item in result.items)
    why = "some may be of the person who withdrew" if withdrawn else "no scan met them"
    return sentence(
        f"{counted(count, 'copy', 'copies')} still served {'has' if count == 1 else 'have'} no item: {why}"
    )


def _liars_words(result: DemoResult) -> str:
    if not result.liars:
        return ""
    names = listed(map(plain, result.liars))
    return f"In this run {names} {'was' if len(result.liars) == 1 else 'were'} told to lie in a way that no recheck can see."


def _lanes_end(result: DemoResult) -> str:
    end = last_change_hours(result)
    if end >= result.simulated_hours:
        return f"The lanes end with the run, on day {days(end)}."
    return (
        f"The lanes end on day {days(end)}, when the last item had closed; "
        f"the rest, to day {days(result.simulated_hours)}, was watching, and no item changed."
    )


def _made(result: DemoResult) -> str:
    killed = "never" if not result.kills else counted(result.kills, "time")
    return (
        f"Seed {result.seed}. {days(result.simulated_hours)} simulated days in {decimal(result.wall_seconds)} seconds; "
        f"the worker was killed {killed}."
    )
