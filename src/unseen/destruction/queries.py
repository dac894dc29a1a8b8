"""Reads of destruction: who waits for it, and for what."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from unseen.casework.models import Case, Item
from unseen.domain.item import NoticeState, Stage
from unseen.domain.limits import DESTROY_WITHIN
from unseen.exchange.queries import is_told
from unseen.hashbank.models import BankEntry
from unseen.intake.models import Report
from unseen.keys.models import CaseKey
from unseen.takedown.models import Notice


def unfinished() -> QuerySet[Report]:
    """Withdrawn, and not all done about it; those that are not yet destroyed come first, the longest waiting before others."""
    rows = Report.objects.filter(withdrawn_at__isnull=False, cleared_at__isnull=True)
    return rows.order_by(F("destroyed_at").asc(nulls_first=True), "withdrawn_at", "pk")


def waiting() -> QuerySet[Report]:
    """Withdrawn, and not yet destroyed; who withdrew first comes first."""
    rows = Report.objects.filter(
        withdrawn_at__isnull=False, cleared_at__isnull=True, destroyed_at__isnull=True
    )
    return rows.order_by("withdrawn_at", "pk")


def uncleared() -> QuerySet[Report]:
    """Destroyed, and the database's own leftovers may still stand on the disk."""
    rows = Report.objects.filter(
        withdrawn_at__isnull=False, cleared_at__isnull=True, destroyed_at__isnull=False
    )
    return rows.order_by("destroyed_at")


def case_of(report: Report) -> Case | None:
    """Its case, if one was opened."""
    return Case.objects.filter(report=report).first()


def is_still_working(report: Report, case: Case | None) -> bool:
    """Whether a stage before us has not yet stopped for this report: the bank, the feed, casework."""
    if report.unbanked_at is None or report.due_at is not None:
        return True
    entries = BankEntry.objects.filter(material__report=report)
    if entries.filter(in_folder=False).exists() or not is_told(report):
        return True
    if case is None:
        return False
    return case.withdrawn_at is None or Item.objects.filter(case=case).exclude(stage=Stage.CLOSED).exists()


def is_still_sending(case: Case | None) -> bool:
    """Whether a send is under way whose end nobody knows yet."""
    sending = (NoticeState.READY, NoticeState.SENDING)
    return case is not None and Notice.objects.filter(item__case=case, state__in=sending).exists()


def is_overdue(report: Report, now: datetime) -> bool:
    """Whether the keys go, whatever a send came to."""
    return report.withdrawn_at is not None and now - report.withdrawn_at >= DESTROY_WITHIN


def keys_too_many(now: datetime) -> list[str]:
    """Reports whose key lives though it should not: destroyed ones, and those withdrawn for too long."""
    keyed = CaseKey.objects.filter(pk=OuterRef("pk"))
    late = Report.objects.filter(Exists(keyed), withdrawn_at__lt=now - DESTROY_WITHIN - timedelta(hours=1))
    left = Report.objects.filter(Exists(keyed), destroyed_at__isnull=False)
    return [str(pk) for pk in left.union(late).values_list("pk", flat=True)]


def without_key() -> QuerySet[Report]:
    """Reports that are not destroyed and have no key: after a restore, those who withdrew since the backup."""
    keyed = CaseKey.objects.filter(pk=OuterRef("pk"))
    return Report.objects.filter(~Exists(keyed), destroyed_at__isnull=True)
