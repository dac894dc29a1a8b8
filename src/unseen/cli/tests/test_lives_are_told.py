"""Whole lives as `unseen explain` tells them, read aloud once and kept in `lives/`: a changed word shows in review.

WRITE_LIVES=1 writes the files anew.
"""

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from rich.console import Console

from unseen.accounts.models import Staff
from unseen.casework.actions import answer_question
from unseen.casework.models import Item
from unseen.casework.tests.rows import item_at
from unseen.cli.explain import print_life
from unseen.domain.recheck import MediaSeen, PageSeen
from unseen.fetch.vantage import Vantage
from unseen.intake.actions import withdraw_report
from unseen.takedown import due, queries
from unseen.takedown.actions import sending
from unseen.takedown.directory.load import load_directory
from unseen.takedown.explain import explain
from unseen.takedown.models import Notice
from unseen.takedown.tests import test_the_ladder_is_climbed_as_the_data_says as ladder
from unseen.takedown.tests.lives import a_case
from unseen.takedown.tests.many import Addressee, many_directory, work, written
from unseen.takedown.tests.outside import (
    HOST,
    NOON,
    PLATFORM,
    Outside,
    a_reported_item,
    claim,
    outside_of,
    pass_time,
    refusal,
)
from unseen.takedown.tests.parties import party_text

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
LIVES = Path(__file__).parent / "lives"
COLUMNS = 110
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_NOT_OURS = re.compile(r"\.py|_|[a-z]+:[a-z]+:[a-z]+|None|[0-9a-f]{8}-[0-9a-f]{4}")


# Which of several carries the others is left to chance.
_NUMBERS = re.compile(r"(?<=[Ii]tem )\d+|(?<=case: )[\d, ]+|(?<=/p/)\d+")


def told(item: Item, now: datetime) -> str:
    """The life as a terminal shows it; references are random and numbers go on, so they are written over."""
    item = Item.objects.select_related("case__report", "material").get(pk=item.pk)
    out = io.StringIO()
    print_life(explain(item, now), Console(file=out, width=COLUMNS, color_system=None))
    text = (
        out.getvalue()
        .replace(f"Item {item.pk} ", "Item N ")
        .replace(item.reference, "ITEM")
        .replace(item.case.reference, "CASE")
    )
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def expect(name: str, item: Item, now: datetime, chance: re.Pattern[str] | None = None) -> None:
    """Equal to the file that somebody read. `chance`: numbers that differ from run to run."""
    text, file = told(item, now), LIVES / f"{name}.txt"
    text = chance.sub("N", text) if chance is not None else text
    steps = text.partition("\n\n")[2]
    assert not _NOT_OURS.search(steps), _NOT_OURS.search(steps)
    assert steps.count("Why: ") >= steps.count("\n20"), "each step has its reason"
    if os.environ.get("WRITE_LIVES"):
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    with outside_of(tmp_path) as found:
        yield found


def staff() -> Staff:
    return Staff.objects.create(username="desk")


def test_removed_at_the_first_notice(outside: Outside) -> None:
    outside.removes = {PLATFORM: (1, 5 * HOUR)}
    outside.answers = {PLATFORM: claim}
    item = a_reported_item()
    expect("removed_at_the_first_notice", item, pass_time(NOON, days=12))


def test_up_the_whole_ladder_to_the_regulator_and_counsel(outside: Outside, tmp_path: Path) -> None:
    known = ladder.directory(tmp_path / "own")
    outside.answers = {"abuse@prompt.test": refusal}
    outside.sends = ["well", "well", "refused"]  # the network has no such mailbox
    outside.removes = {"abuse@lawyers.test": (1, 30 * HOUR)}
    with patch.object(queries, "directory", lambda: known):
        item = a_reported_item()
        expect("up_the_whole_ladder", item, pass_time(NOON, days=60))


def hidden_at_home(vantage: Vantage, now: datetime) -> tuple[PageSeen, MediaSeen] | None:
    """From the third day on nobody gets it in two countries, the person's own among them."""
    at_home = vantage.country in ("KR", "DE") and now >= NOON + 2 * DAY
    return (PageSeen.BLOCKED, MediaSeen.BLOCKED) if at_home else None


def test_hidden_in_some_countries_only(outside: Outside) -> None:
    outside.shows = hidden_at_home
    item = a_reported_item()
    expect("hidden_in_some_countries_only", item, pass_time(NOON, days=16))


def behind_a_log_in(vantage: Vantage, now: datetime) -> tuple[PageSeen, MediaSeen] | None:
    """From the first evening on only members get in."""
    return (PageSeen.LOGIN_WALL, MediaSeen.LOGIN_WALL) if now >= NOON + 6 * HOUR else None


def test_behind_a_log_in(outside: Outside) -> None:
    outside.shows = behind_a_log_in
    outside.removes = {HOST: (1, 5 * HOUR)}
    item = a_reported_item()
    expect("behind_a_log_in", item, pass_time(NOON, days=16))


def test_a_notice_of_which_nobody_knows_whether_it_went_out(outside: Outside) -> None:
    outside.sends = ["after"]  # the line broke when all was said
    outside.archive = "closed"
    outside.removes = {PLATFORM: (1, 80 * HOUR)}
    item = a_reported_item()
    now = pass_time(NOON, hours=30)
    sending.say_what_happened(Notice.objects.get(), went_out=True, staff=staff(), now=now)
    expect("nobody_knows_whether_it_went_out", item, pass_time(now, days=6))


def test_the_person_withdraws(outside: Outside) -> None:
    item = a_reported_item()
    now = pass_time(NOON, hours=20)
    withdraw_report(item.case.report, now)
    expect("the_person_withdraws", item, pass_time(now, days=6))


def test_removed_by_the_host_back_and_removed_again(outside: Outside) -> None:
    outside.removes = {HOST: (1, 5 * HOUR)}
    item = a_reported_item()
    now = pass_time(NOON, days=8)
    outside.removes, outside.back_at = {HOST: (2, 5 * HOUR)}, NOON + 10 * DAY
    expect("back_and_removed_again", item, pass_time(now, days=14))


def test_several_places_in_one_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known, many = many_directory(tmp_path), Addressee()
    monkeypatch.setattr(queries, "directory", lambda: known)
    monkeypatch.setattr(settings, "UNSEEN", replace(settings.UNSEEN, signatory="Head", inbox=None))
    with patch.object(due, "open_channel", lambda _: many):
        written(a_case(), 3)
        many.loads = lambda location: many.letters[0].locations[-2] not in location
        work(NOON + 10 * timedelta(minutes=1))
        many.loads = None
        work(NOON + HOUR)
    Item.objects.update(due_at=NOON + 2 * HOUR)
    places = many.letters[0].locations
    first, last = item_at(places[0]), item_at(places[-2])
    expect("several_places_the_one_that_carries", first, NOON + HOUR, _NUMBERS)
    expect("several_places_one_not_loaded", last, NOON + HOUR, _NUMBERS)


def another_picture(*_: object) -> tuple[PageSeen, MediaSeen]:
    """The page is there, and its picture does not load."""
    return PageSeen.PRESENT, MediaSeen.UNKNOWN


def test_a_question_to_a_person_and_its_answer(outside: Outside) -> None:
    outside.shows = another_picture
    outside.removes = {PLATFORM: (1, 5 * HOUR)}
    item = a_reported_item()
    now = pass_time(NOON, days=3)
    expect("a_question_waits", item, now)
    answer_question(item.pk, ours=True, staff=staff(), now=now)
    outside.shows = lambda *_: None
    expect("a_question_is_answered", item, pass_time(now, days=3))


def test_a_site_that_nobody_knew_until_its_host_was_found(outside: Outside, tmp_path: Path) -> None:
    nobody = load_directory(shipped_parties=False)
    with patch.object(queries, "directory", lambda: nobody):
        item = a_reported_item("http://unknown.test/p/1")
        now = pass_time(NOON, days=2)
        expect("nobody_knows_whom_to_ask", item, now)
    outside.removes = {HOST: (1, 5 * HOUR)}
    with patch.object(queries, "directory", _with_its_host(tmp_path / "found")):
        expect("the_host_was_found", item, pass_time(now, days=3))


def _with_its_host(folder: Path) -> Callable[[], object]:
    """The files that `unseen directory resolve --save` leaves: the site, and the host that RDAP named."""
    folder.mkdir()
    site = ("platform", "unknown.test", "", "", 'host = "hosting"')
    host = ("host", "hosting.test", "", f'{{kind = "email", address = "{HOST}"}}', "")
    for key, (kind, domain, laws, channels, more) in {"unknown": site, "hosting": host}.items():
        text = party_text(key, kind, domain=domain, laws=laws, channels=channels, more=more)
        (folder / f"{key}.toml").write_text(text, "utf-8")
    known = load_directory([folder], shipped_parties=False)
    return lambda: known
