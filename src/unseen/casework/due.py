"""Due work of casework: reports without a case, cases whose report was withdrawn."""

from datetime import datetime

from django.conf import settings

from unseen import leases
from unseen.casework import actions
from unseen.casework.models import Case
from unseen.intake.actions import give_back, settle_report
from unseen.intake.models import Report

_reports = leases.Handful()


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    with _reports.claimed(Report.objects.all(), worker, now) as reports:
        for report in leases.while_it_lasts(reports, give_back):
            _take_up(report, now)
    return len(reports)


def _take_up(report: Report, now: datetime) -> None:
    case = Case.objects.filter(report=report).first()
    if report.withdrawn_at is not None:
        if case is not None:
            actions.withdraw_case(case, now)
    elif case is None:
        actions.open_case(report, settings.UNSEEN.country, now)
    settle_report(report)


def next_due_at() -> datetime | None:
    """When the next report wants attention."""
    return leases.next_due_at(Report.objects.filter(due_at__isnull=False))
