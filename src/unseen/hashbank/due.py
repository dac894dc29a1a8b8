"""Due work of the hash bank: reports that are not banked, withdrawals, rows that the folder does not show."""

from datetime import datetime

from unseen.hashbank import actions, queries
from unseen.hashbank.models import BankEntry
from unseen.intake.models import Report
from unseen.matching.files import BankError

REPORTS_AT_ONCE = 100
FOLDER_ROWS_AT_ONCE = 5_000


def prepare() -> None:
    """When a worker starts: a folder that was lost, or that is older than the rows, is written anew."""
    try:
        lacks_rows = queries.folder_lacks_rows()
    except BankError:
        return  # every use of the folder names the trouble; the other stages work without it
    if lacks_rows:
        actions.rebuild_folder()


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    new = list(Report.objects.filter(banked_at__isnull=True, withdrawn_at__isnull=True)[:REPORTS_AT_ONCE])
    for report in new:
        actions.add_report(report, now)
    withdrawn = list(
        Report.objects.filter(withdrawn_at__isnull=False, unbanked_at__isnull=True)[:REPORTS_AT_ONCE]
    )
    for report in withdrawn:
        actions.remove_report(report, now)
    stale = list(BankEntry.objects.filter(in_folder=False).order_by("id")[:FOLDER_ROWS_AT_ONCE])
    if stale:
        actions.write_folder(stale)
    return len(new) + len(withdrawn) + len(stale)


def next_due_at() -> datetime | None:
    """Everything here is due at once or not at all."""
    return None
