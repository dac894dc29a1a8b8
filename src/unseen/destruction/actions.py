"""Writes of destruction. Each step may be repeated: whoever is killed in between begins again and comes to the same end.

1. What waits to be sent is stopped. 2. The mails that came are removed. 3. In one transaction every stage erases its part,
and the key goes. 4. What the database left of it on the disk is cleared (`traces`).
"""

from datetime import datetime, timedelta

from django.db import transaction

from unseen.casework import actions as casework
from unseen.destruction import queries, traces
from unseen.domain.limits import CLEAR_TRACES_EVERY
from unseen.exchange.actions import verifying
from unseen.hashbank import actions as hashbank
from unseen.intake import actions as intake
from unseen.intake.models import Report
from unseen.takedown.actions import erasing


def destroy(report: Report, now: datetime) -> bool:
    """Destroy what this report led to, if every stage has stopped for it. Raises OSError where a mail cannot be removed."""
    case = queries.case_of(report)
    if queries.is_still_working(report, case):
        return False
    if case is not None:
        erasing.stop_sends(case, now, give_up=queries.is_overdue(report, now))
    if queries.is_still_sending(case):
        return False
    if case is not None:
        erasing.remove_mails(case)
    _erase(report, now)
    return True


def _erase(report: Report, now: datetime) -> None:
    with transaction.atomic():
        locked = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
        if locked.destroyed_at is not None:
            return
        _erase_rows(locked)
        intake.destroy_report(locked, now)


def _erase_rows(report: Report) -> None:
    case = queries.case_of(report)
    if case is not None:
        erasing.erase(case)
    verifying.erase(report)
    hashbank.erase_entries(report)


def clear_traces(now: datetime) -> int:
    """Clear what the database left of destroyed reports, once for all of them. Returns how many they are."""
    oldest = queries.uncleared().first()
    if oldest is None or now < _clear_at(oldest):
        return 0
    return intake.mark_cleared(now, now) if traces.clear() else 0


def _clear_at(oldest: Report) -> datetime:
    """When what is left of this report is to be cleared, with that of all who follow it till then."""
    assert oldest.destroyed_at is not None, "asked of destroyed reports only"
    return oldest.destroyed_at + (CLEAR_TRACES_EVERY if traces.reads_whole_tables() else timedelta())


def catch_up(now: datetime) -> int:
    """After a restore: who has no key any more withdrew since the backup was made, and is withdrawn again before anything
    else happens. Returns how many they are.
    """
    found = list(queries.without_key())
    for report in found:
        intake.withdraw_report(report, now)
        hashbank.remove_report(report, now)
        case = queries.case_of(report)
        with transaction.atomic():
            if case is not None:
                casework.withdraw_case(case, now)
            _erase_rows(report)
    return len(found)
