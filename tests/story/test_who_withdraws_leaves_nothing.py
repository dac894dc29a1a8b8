"""After withdrawal nothing about the case can be read from the database file, nor from any other file of the centre."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.own_database import own_database
from tests.remains import files_below, remains
from tests.story.centre import open_centre
from tests.story.world import StoryWorld
from unseen.casework.models import Item
from unseen.destruction.queries import keys_too_many
from unseen.domain.limits import DESTROY_WITHIN
from unseen.evidence.models import Exhibit
from unseen.evidence.queries import first_altered_exhibit
from unseen.intake.models import Report, ReportedFingerprint
from unseen.intake.queries import report_of
from unseen.journal.queries import first_broken_entry
from unseen.keys.models import CaseKey
from unseen.statistics.promises import PROMISES
from unseen.takedown.models import Notice, Reply

HOST = "canary-jane-zq7.test"
CANARIES = (HOST, "canary-path-kx3", "canary-query-lm9", "canary-reply-wp4", "canary-name-dv8")
PLANTED = "canary-path-kx3/1?who=canary-query-lm9"


pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the files of PostgreSQL are its server's"),
    pytest.mark.thorough,
]


@pytest.fixture
def world(django_db_blocker: DjangoDbBlocker, tmp_path: Path, media: Path) -> Iterator[StoryWorld]:
    with (
        own_database(tmp_path / "own.sqlite3", django_db_blocker),
        open_centre(tmp_path / "world", media) as centre,
    ):
        yield StoryWorld(centre)


def test_nothing_about_the_case_can_be_read_any_more(
    world: StoryWorld, caplog: pytest.LogCaptureFixture
) -> None:
    copy = world.a_copy_of("photo-2", on="silent")
    receipt = world.centre.report(world.centre.photo("photo-2"), locations=(copy.page_url, _planted(world)))
    bystander = world.ana_reports("photo-3")
    world.one_tick_passes()
    _a_reply_comes(world)
    world.days_pass(0.5)
    report = report_of(receipt)
    assert report is not None
    needles = [*map(str.encode, CANARIES), copy.page_url.partition("/p/")[2].encode()]
    prints = [row.pdq for row in ReportedFingerprint.objects.filter(material__report=report)]
    assert "canary-reply-wp4" in "".join(one.words for one in Exhibit.objects.all()), "the reply was kept"
    assert HOST in _found(world, needles), "what the search is to find can be found while the case lives"
    assert _found(world, prints), "fingerprints stand in the bank while the case lives"

    world.ana_withdraws(receipt)
    world.one_tick_passes()
    world.days_pass(DESTROY_WITHIN.days + 0.1)

    assert _found(world, needles) == set()
    assert _found(world, prints) == set()
    assert not any(one in caplog.text for one in CANARIES)
    report.refresh_from_db()
    assert report.destroyed_at is not None
    assert report.cleared_at is not None
    assert [key.report for key in CaseKey.objects.all()] == [_report(bystander).pk]
    _nothing_is_left_in_rows(report)
    assert keys_too_many(world.centre.now) == []
    assert first_broken_entry() is None
    assert first_altered_exhibit() is None
    broken = {
        name: told.evidence
        for name, promise in PROMISES.items()
        if not (told := promise(world.centre.now)).holds
    }
    assert broken == {}


def _planted(world: StoryWorld) -> str:
    return f"http://{HOST}:{world.centre.internet.port}/{PLANTED}"


def _report(receipt: str) -> Report:
    report = report_of(receipt)
    assert report is not None
    return report


def _nothing_is_left_in_rows(report: Report) -> None:
    items = Item.objects.filter(case__report=report)
    assert {(item.location, item.media_location, item.question) for item in items} == {("", "", "")}
    assert {item.host for item in items} == {"silent.test", "erased.invalid"}
    assert {(one.subject, one.body) for one in Notice.objects.filter(item__in=items)} == {("", "")}
    said = [one.exhibit.words for one in Reply.objects.filter(notice__item__in=items)]
    assert said
    assert not any(said)


def _a_reply_comes(world: StoryWorld) -> None:
    notice = Notice.objects.filter(state="sent").latest("received_at")
    mail = f"From: canary-name-dv8@silent.test\r\nIn-Reply-To: <{notice.key}@centre.test>\r\n\r\ncanary-reply-wp4"
    inbox = settings.UNSEEN.inbox
    assert inbox is not None
    (inbox / "new").mkdir(parents=True, exist_ok=True)
    (inbox / "new" / "1").write_bytes(mail.encode())


def _found(world: StoryWorld, needles: list[bytes]) -> set[str]:
    """Which of these stand in any file of the centre, in any spelling."""
    inbox = settings.UNSEEN.inbox
    assert inbox is not None
    database = Path(str(connection.settings_dict["NAME"]))
    files = [*files_below(settings.UNSEEN.data_dir, inbox), *database.parent.glob(f"{database.name}*")]
    return remains(needles, files)
