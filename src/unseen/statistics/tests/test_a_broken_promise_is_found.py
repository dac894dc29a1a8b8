"""Each promise holds on lives made by the real actions, and breaks when one row is bent by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from unseen.casework.models import Case, Item
from unseen.evidence.actions import keep
from unseen.exchange.actions.entries import follow
from unseen.exchange.actions.peers import add_peer
from unseen.exchange.models import FeedEntry, FeedLine, Peer
from unseen.hashbank.actions import add_report, remove_report, write_folder
from unseen.hashbank.models import BankEntry
from unseen.intake.models import Report, ReportedFingerprint
from unseen.journal import actions as journal
from unseen.keys.centre import NOBODY
from unseen.statistics import promise_privacy
from unseen.statistics.promises import PROMISES
from unseen.takedown.models import Attempt, Finding, Notice, Recheck
from unseen.takedown.tests.lives import HOUR, LOCATION, NOON, a_case, found_copy, removed_copy, step

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
LATER = NOON + 48 * HOUR
PNG = "\r\niVBORw0KGgoAAAANSUhEUgAA"
JPEG = "\n/9j/4AAQSkZJRgABAQAAAQABAAD/2wBD"


@pytest.fixture
def living(tmp_path: Path, settings: Any) -> Case:
    """One case with a removed item, one that waits for its notice to go out, and a bank."""
    from dataclasses import replace

    settings.UNSEEN = replace(settings.UNSEEN, data_dir=tmp_path)
    case = a_case()
    add_report(case.report, NOON)
    write_folder(list(BankEntry.objects.all()))
    removed_copy(LOCATION, case)
    step(step(found_copy(case, "http://prompt.test/2"), NOON), NOON)
    return case


def broken() -> list[int]:
    return [int(title.split()[0]) for title, promise in PROMISES.items() if not promise(LATER).holds]


def test_all_ten_hold_on_a_desk_that_nobody_bent(living: Case) -> None:
    assert {
        title: verdict for title, promise in PROMISES.items() if not (verdict := promise(LATER)).holds
    } == {}
    assert [int(title.split()[0]) for title in PROMISES] == list(range(1, 11))


def test_all_ten_hold_on_an_empty_desk(tmp_path: Path, settings: Any) -> None:
    from dataclasses import replace

    settings.UNSEEN = replace(settings.UNSEEN, data_dir=tmp_path)
    assert broken() == []


def _media(text: str) -> Callable[[Case], object]:
    return lambda _: keep("reply", f"Content-Transfer-Encoding: base64\r\n{text}", NOBODY, NOON)


def _file_name(case: Case) -> None:
    ReportedFingerprint.objects.update(variant="holiday.jpg")


def _sent_late(case: Case) -> None:
    Report.objects.update(withdrawn_at=NOON + HOUR)
    Attempt.objects.update(began_at=NOON + 2 * HOUR)


def _not_withdrawn_in_the_feed(case: Case) -> None:
    Report.objects.update(may_share=True)
    follow(case.report, NOON)
    Report.objects.update(withdrawn_at=NOON + HOUR)
    remove_report(case.report, NOON + HOUR)
    write_folder(list(BankEntry.objects.all()))


def _delivered_twice(case: Case) -> None:
    first = Attempt.objects.get()
    Attempt.objects.create(notice=first.notice, number=2, began_at=NOON, ended_at=NOON, result="delivered")


def _unproven(case: Case) -> None:
    Finding.objects.update(is_proof=False)


def _proven_from_one_country(case: Case) -> None:
    Finding.objects.update(country="KR")


def _never_looked(case: Case) -> None:
    Recheck.objects.all().delete()


def _not_in_the_folder(case: Case) -> None:
    entry = BankEntry.objects.get()
    BankEntry.objects.create(
        material=entry.material, pdq=entry.pdq, quality=90, variant="mirror", added_at=NOON, in_folder=True
    )


def _other_bits_in_the_folder(case: Case) -> None:
    entry = BankEntry.objects.get()
    entry.pdq = bytes(byte ^ 1 for byte in entry.pdq)
    entry.save()


def _elsewhere(case: Case) -> None:
    Item.objects.filter(outcome="").update(round=2)


def _rewritten(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS journal_entry_no_update" + _on("journal_entry"))
        cursor.execute(
            "DROP TRIGGER IF EXISTS journal_entry_only_grows ON journal_entry" if _postgres() else "SELECT 1"
        )
        cursor.execute(
            "UPDATE journal_entry SET tag = 'item:match:declined' WHERE tag = 'item:match:accepted'"
        )


def _on(table: str) -> str:
    return f" ON {table}" if _postgres() else ""


def _postgres() -> bool:
    return connection.vendor == "postgresql"


def _later_deadline(case: Case) -> None:
    Notice.objects.filter(state="sent").update(deadline_at=NOON + 72 * HOUR)


def _telling_journal(case: Case) -> None:
    journal.write("case:note:made", journal.about("case", case.pk), NOON, place=LOCATION)


def _readable_feed(case: Case) -> None:
    add_peer("Platform Example", NOON)
    line = case.reference.encode()
    FeedLine.objects.create(peer=Peer.objects.get(), sequence=0, open=line, salt=b"", commitment=b"")


def _an_end_of_its_own(case: Case) -> None:
    Report.objects.update(may_share=True)
    follow(case.report, NOON)
    FeedEntry.objects.update(expires_at=NOON)


def _stuck(case: Case) -> None:
    Notice.objects.filter(state="ready").update(state="sending")


def _nobody_looks_it_up(case: Case) -> None:
    Notice.objects.filter(state="ready").update(state="sending", due_at=None)


def _a_try_without_an_end(case: Case) -> None:
    Attempt.objects.update(ended_at=None)


@pytest.mark.parametrize(
    ("number", "bend"),
    [
        (1, _media(PNG)),
        (1, _media(JPEG)),
        (1, _file_name),
        (2, _sent_late),
        (2, _not_withdrawn_in_the_feed),
        (3, _delivered_twice),
        (5, _unproven),
        (5, _proven_from_one_country),
        (5, _never_looked),
        (6, _not_in_the_folder),
        (6, _other_bits_in_the_folder),
        (7, _elsewhere),
        (7, _rewritten),
        (8, _later_deadline),
        (9, _telling_journal),
        (9, _readable_feed),
        (9, _an_end_of_its_own),
        (10, _stuck),
        (10, _nobody_looks_it_up),
        (10, _a_try_without_an_end),
    ],
)
def test_a_bent_row_breaks_its_promise_and_no_other(
    living: Case, number: int, bend: Callable[[Case], object]
) -> None:
    bend(living)
    assert broken() == [number]


def test_a_deadline_under_a_ladder_that_is_gone_is_counted_and_not_called_wrong(living: Case) -> None:
    sent = Notice.objects.filter(state="sent")
    sent.update(deadline_at=NOON + 12 * HOUR, deadline_ladder_version="2020-01-01", rung="platform_final")
    assert broken() == []
    sent.update(deadline_ladder_version="2026-11-22")
    assert broken() == [8]


def test_a_new_column_of_a_report_breaks_the_first_promise(
    living: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = promise_privacy.REPORT_COLUMNS | {"intake_report": {"id"}}
    monkeypatch.setattr(promise_privacy, "REPORT_COLUMNS", fewer)
    assert broken() == [1]


def test_a_log_that_writes_what_it_is_given_breaks_the_ninth_promise(living: Case, settings: Any) -> None:
    settings.LOGGING = {"formatters": {}, "handlers": {"plain": {"class": "logging.StreamHandler"}}}
    assert broken() == [9]


def test_evidence_names_rows_and_never_quotes_a_report(living: Case) -> None:
    _media(PNG)(living)
    _telling_journal(living)
    said = " ".join(promise(LATER).evidence for promise in PROMISES.values())
    assert LOCATION not in said
    assert PNG.strip() not in said


def test_a_mail_without_media_is_no_media(living: Case) -> None:
    keep(
        "reply",
        "See http://x.test/9j/4AAQSkZJRgABAQAAAQABAAD and aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=",
        NOBODY,
        NOON,
    )
    assert broken() == []
