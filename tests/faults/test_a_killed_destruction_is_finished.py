"""Promises 2 and 10 for destruction. The worker dies at a point, its successor carries on, and nothing is left in the end."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.faults.killing import Killed, Points, mortal_commits
from unseen import worker
from unseen.accounts.models import Role, Staff
from unseen.casework.models import Item
from unseen.destruction import traces
from unseen.domain.limits import DESTROY_WITHIN, LEASE
from unseen.hashbank.models import BankEntry
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report, ReportedFingerprint, ReportedLocation
from unseen.journal.models import Entry
from unseen.journal.queries import first_broken_entry
from unseen.keys.models import CaseKey
from unseen.takedown import mailbox
from unseen.takedown.models import Notice, Place, Reply
from unseen.takedown.tests.outside import (
    NOON,
    PLATFORM,
    WORKER,
    Outside,
    a_reported_item,
    outside_of,
    refusal,
)

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a bank that no other test has written to."""
    monkeypatch.setattr(settings, "UNSEEN", replace(settings.UNSEEN, data_dir=tmp_path / "data"))


def work(now: datetime) -> None:
    while sum(stage.do_due(now, WORKER) for stage in worker.STAGES):
        pass


def a_case_that_withdrew(outside: Outside) -> Report:
    """A notice went out, an answer came, the next waits; then the person says stop."""
    outside.answers[PLATFORM] = refusal
    report = a_reported_item().case.report
    work(NOON)
    work(NOON + HOUR)
    outside.sends = ["later"] * 9
    assert withdraw_report(report, NOON + 2 * HOUR)
    return report


@contextmanager
def mortal_destruction(points: Points) -> Iterator[None]:
    """Also the steps that are no commit are points: the mails, and what the database left."""

    def clear() -> bool:
        points.point("before clearing")
        points.point("after clearing")
        return True

    removed = mailbox.remove

    def remove(folder: Path, names: Iterable[str]) -> None:
        points.point("before mails")
        removed(folder, names)
        points.point("after mails")

    with ExitStack() as stack:
        stack.enter_context(patch.object(traces, "clear", clear))
        stack.enter_context(patch.object(mailbox, "remove", remove))
        stack.enter_context(mortal_commits(points))
        yield


def a_life(folder: Path, deadly: tuple[int, ...] = ()) -> tuple[list[str], list[str]]:
    """The faults of one life and the trail of its points. Nothing of it stays in the database."""
    points = Points(deadly)
    sid = transaction.savepoint()
    own = replace(settings.UNSEEN, data_dir=folder / "data")
    try:
        with patch.object(settings, "UNSEEN", own), outside_of(folder) as outside:
            report = a_case_that_withdrew(outside)
            sent = len(outside.tried)
            now = NOON + 2 * HOUR
            with mortal_destruction(points):
                for _ in range(len(deadly) + 1):
                    try:
                        work(now)
                    except Killed:
                        now += 2 * LEASE  # its successor has another name, and waits for the leases
            return faults(report, outside, sent), points.trail
    finally:
        transaction.savepoint_rollback(sid)
        transaction.savepoint_commit(sid)


def faults(report: Report, outside: Outside, sent: int) -> list[str]:
    """What is wrong in the end."""
    report.refresh_from_db()
    items = Item.objects.filter(case__report=report)
    left = {
        "a key": CaseKey.objects.count(),
        "what was reported": ReportedFingerprint.objects.count() + ReportedLocation.objects.count(),
        "a place": Place.objects.count() + sum(bool(item.location) for item in items),
        "a fingerprint": sum(bool(entry.pdq) for entry in BankEntry.objects.all()),
        "a text": sum(bool(notice.body) for notice in Notice.objects.all()),
        "a mail": len([*(outside.inbox / "cur").iterdir(), *(outside.inbox / "new").iterdir()]),
        "an answer": sum(bool(reply.exhibit.words) for reply in Reply.objects.all()),
        "a send": len(outside.tried) - sent,
        "a broken journal": first_broken_entry() or 0,
    }
    found = [f"{count} of {what}" for what, count in left.items() if count]
    if report.destroyed_at is None or report.cleared_at is None:
        found.append("it is not finished")
    if Entry.objects.filter(tag="report:key:destroyed").count() != 1:
        found.append("the journal tells it not once")
    return found


@pytest.mark.slow
def test_whoever_dies_where_it_is_finished_and_told_once(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    well, trail = a_life(tmp_path / "whole")
    assert well == []
    assert {"before mails", "after clearing"} <= set(trail)
    for point in range(1, len(trail) + 1):
        (tmp_path / str(point)).mkdir()
        found, _ = a_life(tmp_path / str(point), (point,))
        assert found == [], f"killed at point {point}: {trail[point - 1]}"


def test_a_send_whose_end_nobody_saw_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside, patch.object(traces, "clear", return_value=True):
        outside.sends = ["before"]
        outside.archive = "honest"
        report = a_reported_item().case.report
        work(NOON)
        assert Notice.objects.get().state == "sending"
        withdraw_report(report, NOON)
        with patch.object(Outside, "look_up", side_effect=AssertionError("nobody asks")):
            actions_only = worker.STAGES[-1]
            for stage in (*worker.STAGES[:2], *worker.STAGES[3:]):
                stage.do_due(NOON, WORKER)
            Item.objects.update(stage="closed", outcome="withdrawn", closed_at=NOON, due_at=None)
            assert actions_only.do_due(NOON + DESTROY_WITHIN - HOUR, WORKER) == 0
            assert CaseKey.objects.exists()
            assert actions_only.do_due(NOON + DESTROY_WITHIN, WORKER) > 0
        assert not CaseKey.objects.exists()
        assert Notice.objects.get().state == "uncertain"


def test_mail_that_comes_afterwards_is_counted_and_not_kept(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside, patch.object(traces, "clear", return_value=True):
        report = a_case_that_withdrew(outside)
        key = Notice.objects.latest("received_at").key
        work(NOON + 2 * HOUR)
        report.refresh_from_db()
        assert report.destroyed_at is not None
        late = f"From: abuse@prompt.test\r\nIn-Reply-To: <{key}@centre.example>\r\n\r\nWe removed http://prompt.test/p/1"
        (outside.inbox / "new" / "late").write_text(late)
        work(NOON + 3 * HOUR)
        assert Reply.objects.count() == 2
        assert [reply.exhibit.words for reply in Reply.objects.all()] == ["", ""]
        assert [*outside.inbox.rglob("*late*")] == []


def test_the_desk_shows_what_is_left(tmp_path: Path, client: Client) -> None:
    client.force_login(Staff.objects.create(username="bo", role=Role.REVIEWER))
    with outside_of(tmp_path) as outside, patch.object(traces, "clear", return_value=True):
        a_case_that_withdrew(outside)
        item = Item.objects.get()
        look = partial(client.post, f"/items/{item.pk}/look", {"reason": "right_place"}, follow=True)
        assert item.location in look().content.decode()
        work(NOON + 2 * HOUR)
        assert item.location not in look().content.decode()
        assert item.reference in client.get(f"/items/{item.pk}").content.decode()
        pages = ("/today", "/items?stage=all", "/platforms", "/numbers", f"/cases/{item.case.reference}")
        assert {client.get(page).status_code for page in pages} == {200}
