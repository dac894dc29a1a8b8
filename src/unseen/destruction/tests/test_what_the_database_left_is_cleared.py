import sqlite3
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection

from unseen.destruction import actions, traces
from unseen.discovery.models import StartPage
from unseen.domain.limits import CLEAR_TRACES_EVERY
from unseen.hashbank.actions import remove_report
from unseen.intake.actions import destroy_report, withdraw_report
from unseen.intake.models import Report
from unseen.intake.tests.reports import NOON, a_report

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such file")


def a_destroyed_report() -> Report:
    report = a_report()
    withdraw_report(report, NOON)
    remove_report(report, NOON)
    destroy_report(report, NOON)
    return report


@pytest.mark.django_db(transaction=True)
def test_it_can_be_cleared() -> None:
    assert traces.clear()


@pytest.mark.django_db
def test_inside_a_transaction_it_is_left_for_later() -> None:
    assert not traces.clear()


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_reader_of_old_pages_is_not_waited_for() -> None:
    other = sqlite3.connect(connection.settings_dict["NAME"])
    other.execute("BEGIN")
    other.execute("SELECT COUNT(*) FROM discovery_startpage").fetchone()
    StartPage.objects.create(location="http://a.test/", due_at=NOON)
    assert not traces.clear()
    other.close()
    assert traces.clear()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)


@pytest.mark.django_db
def test_where_it_reads_whole_tables_it_is_done_once_an_hour_for_all() -> None:
    first, second = a_destroyed_report(), a_destroyed_report()
    with (
        patch.object(traces, "reads_whole_tables", return_value=True),
        patch.object(traces, "clear") as clear,
    ):
        assert actions.clear_traces(NOON + CLEAR_TRACES_EVERY - timedelta(seconds=1)) == 0
        assert not clear.called
        assert actions.clear_traces(NOON + CLEAR_TRACES_EVERY) == 2
        assert actions.clear_traces(NOON + 2 * CLEAR_TRACES_EVERY) == 0
        assert clear.call_count == 1
    for report in (first, second):
        report.refresh_from_db()
        assert report.cleared_at == NOON + CLEAR_TRACES_EVERY


@pytest.mark.django_db
def test_what_could_not_be_cleared_is_tried_again() -> None:
    report = a_destroyed_report()
    with patch.object(traces, "clear", return_value=False):
        assert actions.clear_traces(NOON + CLEAR_TRACES_EVERY) == 0
    report.refresh_from_db()
    assert report.cleared_at is None
