import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from unseen.casework.actions import open_case, withdraw_case
from unseen.casework.models import Case, Item
from unseen.domain.item import NoticeState
from unseen.hashbank.actions import add_report
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report
from unseen.intake.tests.reports import NOON, a_report
from unseen.takedown.actions import sending, writing
from unseen.takedown.actions.mail import record_reply
from unseen.takedown.channels.envelope import NotDelivered
from unseen.takedown.models import Notice
from unseen.takedown.tests.outside import Outside, a_reported_item, bounce, outside_of, tick

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has no row locks: writers take turns"
    ),
    pytest.mark.django_db(transaction=True),
]
BLOCKED_AFTER_S = 0.4  # by then the other one waits for a lock, if there is one to wait for


def meanwhile(first: Callable[[], object], other: Callable[[], object], last: Callable[[], object]) -> None:
    """In one transaction `first`, then `last`; between them another worker begins `other`. A deadlock raises."""
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            other()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            trouble.append(error)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    try:
        with transaction.atomic():
            first()
            worker.start()
            time.sleep(BLOCKED_AFTER_S)
            last()
    finally:
        worker.join()
    assert trouble == []


def test_one_opens_the_case_while_another_banks_the_report() -> None:
    report = a_report(locations=("http://prompt.test/p/1",))
    meanwhile(
        lambda: open_case(report, "KR", NOON),
        lambda: add_report(report, NOON),
        lambda: None,  # the foreign keys are checked at the commit
    )
    report.refresh_from_db()
    assert report.banked_at == NOON


def test_one_withdraws_the_case_while_another_begins_to_send(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        notice, case = _ready_notice(outside), Case.objects.get()
        meanwhile(
            lambda: Case.objects.filter(pk=case.pk).update(country="KR"),
            lambda: sending.begin_sending(notice, NOON),
            lambda: withdraw_case(case, NOON),
        )


def test_one_withdraws_the_case_while_the_send_of_another_fails(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        notice, case = _ready_notice(outside), Case.objects.get()
        assert sending.begin_sending(notice, NOON)
        meanwhile(
            lambda: list(Item.objects.select_for_update().filter(case=case)),
            lambda: sending.finish_sending(notice, NotDelivered("550", permanent=True), NOON),
            lambda: withdraw_case(case, NOON),
        )
        assert Notice.objects.get().state == NoticeState.FAILED


def test_one_reads_the_bounce_while_another_learns_that_it_failed(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        notice = _ready_notice(outside)
        assert sending.begin_sending(notice, NOON)
        envelope = writing.envelope_of(notice)
        meanwhile(
            lambda: list(Item.objects.select_for_update(no_key=True)),
            lambda: sending.finish_sending(notice, NotDelivered("550", permanent=True), NOON),
            lambda: record_reply(bounce(envelope), NOON),
        )
        assert Notice.objects.get().state == NoticeState.FAILED


def test_a_send_that_begins_while_the_person_withdraws_waits_for_it_and_stops(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        notice, began = _ready_notice(outside), []
        report = Report.objects.get()
        meanwhile(
            lambda: withdraw_report(report, NOON),
            lambda: began.append(sending.begin_sending(notice, NOON)),
            lambda: None,
        )
        assert began == [False]


def _ready_notice(outside: Outside) -> Notice:
    """A notice whose first try was put off: it is ready, and nobody holds it."""
    outside.sends = ["later"]
    a_reported_item()
    tick(NOON)
    return Notice.objects.select_related("item__case").get()
