"""Due work of casework: reports without a case, cases whose report was withdrawn."""

from datetime import datetime

from django.conf import settings

from unseen import leases
from unseen.casework import actions
from unseen.casework.models import Case
from unseen.intake.actions import settle_report
from unseen.intake.models import Report

REPORTS_AT_ONCE = 1  # one that fails holds up no other


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    reports = leases.claim(Report.objects.all(), worker, now, REPORTS_AT_ONCE)
    for report in reports:
        case = Case.objects.filter(report=report).first()
        if report.withdrawn_at is not None:
            if case is not None:
                actions.withdraw_case(case, now)
        elif case is None:
            actions.open_case(report, settings.UNSEEN.country, now)
        settle_report(report)
    return len(reports)


def next_due_at() -> datetime | None:
    """When the next report wants attention."""
    return leases.next_due_at(Report.objects.filter(due_at__isnull=False))
