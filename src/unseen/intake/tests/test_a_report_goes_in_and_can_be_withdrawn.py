import json
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from unseen.domain.limits import REPORT_SIZE_BYTES_MAX
from unseen.intake.actions import settle_report, withdraw_report
from unseen.intake.models import Report, ReportedFingerprint
from unseen.intake.tests.reports import HOUR, NOON, PAGE, a_report, file_report, row_counts, said
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, data: object) -> Any:
    return client.post(f"/api/intake/{path}", json.dumps(data), content_type="application/json")


def test_a_report_is_answered_with_its_receipt_and_no_cache_may_keep_it() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = post(client, "reports", said())
    assert answer.status_code == 201
    assert list(answer.json()) == ["receipt"]
    assert answer["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer
    report = Report.objects.get()
    assert (report.may_share, report.age_band) == (True, "adult")
    assert report.due_at == report.received_at
    assert [row.text for row in report.locations.all()] == [PAGE]
    rows = ReportedFingerprint.objects.filter(material__report=report).order_by("pk")
    assert [(bytes(row.pdq), row.quality, row.variant) for row in rows] == [
        (b"\x5a" * 32, 90, "full"),
        (b"\xa5" * 32, 88, "mirror"),
    ]


def test_withdrawal_answers_the_same_the_second_time(client: Client) -> None:
    receipt = post(client, "reports", said()).json()["receipt"]
    first = post(client, "withdrawals", {"receipt": receipt.lower()})
    withdrawn_at = Report.objects.get().withdrawn_at
    before = row_counts()
    second = post(client, "withdrawals", {"receipt": receipt})
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (200, {"done": True})
    assert first["Cache-Control"] == second["Cache-Control"] == "no-store"
    assert Report.objects.get().withdrawn_at == withdrawn_at is not None
    assert row_counts() == before


@pytest.mark.parametrize("receipt", ["", "\x00", "x" * 5_000, "0123-4567-89AB-CDEF-GH1J-KMNP"])
def test_an_unknown_receipt_is_not_found_and_changes_nothing(client: Client, receipt: str) -> None:
    file_report()
    before = row_counts()
    answer = post(client, "withdrawals", {"receipt": receipt})
    assert answer.status_code == 404
    assert "check the letters and digits" in answer.json()["problem"]
    assert answer["Cache-Control"] == "no-store"
    assert row_counts() == before
    assert not Report.objects.filter(withdrawn_at__isnull=False).exists()


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"receipt": 5}', '{"receipt": null}'])
def test_a_withdrawal_without_a_receipt_is_refused(client: Client, body: str) -> None:
    answer = client.post("/api/intake/withdrawals", body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer["Cache-Control"] == "no-store"


def test_a_body_above_the_limit_is_refused_before_it_is_read(client: Client) -> None:
    for path in ("reports", "withdrawals"):
        answer = post(client, path, {"receipt": "0" * REPORT_SIZE_BYTES_MAX})
        assert answer.status_code == 400
        assert "too large; at most 2000000 bytes" in answer.json()["problem"]
    assert not Report.objects.exists()


def test_withdrawing_twice_is_told_once() -> None:
    report = a_report()
    assert withdraw_report(report, NOON + HOUR)
    assert not withdraw_report(report, NOON + 2 * HOUR)
    report.refresh_from_db()
    assert (report.withdrawn_at, report.due_at) == (NOON + HOUR, NOON + HOUR)
    told = [entry.tag for entry in life_of(about("report", report.pk))]
    assert told == ["report:intake:received", "report:intake:withdrawn"]


def test_a_report_that_is_settled_is_due_no_more() -> None:
    report = a_report()
    settle_report(report)
    report.refresh_from_db()
    assert (report.due_at, report.lease_by, report.lease_until) == (None, "", None)


def test_a_report_that_is_withdrawn_while_it_is_taken_up_is_due_at_once() -> None:
    report = a_report()
    Report.objects.update(lease_by="one", lease_until=NOON + HOUR)
    taken = Report.objects.get()
    withdraw_report(report, NOON + HOUR / 2)
    settle_report(taken)
    report.refresh_from_db()
    assert (report.due_at, report.lease_by, report.lease_until) == (NOON + HOUR / 2, "", None)


def test_a_worker_that_lost_its_lease_settles_nothing() -> None:
    report = a_report()
    Report.objects.update(lease_by="two", lease_until=NOON + HOUR)
    report.lease_by = "one"
    settle_report(report)
    report.refresh_from_db()
    assert (report.due_at, report.lease_by) == (NOON, "two")


def test_a_report_that_could_not_be_stored_gets_no_receipt(client: Client) -> None:
    """A full disk: whoever reports must not go away believing that help is on its way."""
    with patch("unseen.intake.actions.Report.objects.create", side_effect=OperationalError("disk full")):
        answer = post(client, "reports", said())
    assert answer.status_code == 503
    assert "nothing of it was kept" in answer.json()["problem"]
    assert "disk full" not in answer.content.decode()
