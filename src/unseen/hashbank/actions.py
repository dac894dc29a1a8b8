"""Writes to the hash bank: first the rows, then the folder; a crash in between is finished by the next run."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import transaction

from unseen.domain.limits import QUALITY_MIN
from unseen.hashbank.models import BankEntry
from unseen.intake.actions import mark_banked, mark_unbanked
from unseen.intake.models import Report, ReportedFingerprint
from unseen.journal import actions as journal
from unseen.keys import queries as keys
from unseen.keys.box import EMPTY
from unseen.matching import Bank


def add_report(report: Report, now: datetime) -> int:
    """Bank every searchable fingerprint of a report, once. Returns how many were added."""
    with transaction.atomic():
        locked = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
        if locked.banked_at is not None or locked.withdrawn_at is not None:
            return 0
        journal.one_at_a_time()  # a lower id must not appear after the bank's version has passed it
        mark_banked(report, now)
        rows = ReportedFingerprint.objects.filter(material__report=report, quality__gte=QUALITY_MIN)
        entries = BankEntry.objects.bulk_create(
            BankEntry(
                material=row.material,
                pdq=row.pdq,
                quality=row.quality,
                variant=row.variant,
                at_s=row.at_s,
                added_at=now,
            )
            for row in rows.select_related("material")
        )
        journal.write("report:bank:added", journal.about("report", report.pk), now, entries=len(entries))
    return len(entries)


def remove_report(report: Report, now: datetime) -> int:
    """After withdrawal: nothing of this report is searched for any more."""
    with transaction.atomic():
        entries = BankEntry.objects.filter(material__report=report, removed_at__isnull=True)
        removed = entries.update(removed_at=now, in_folder=False)
        mark_unbanked(report, now)
        if removed:
            journal.write("report:bank:removed", journal.about("report", report.pk), now, entries=removed)
    return removed


def erase_entries(report: Report) -> None:
    """After withdrawal: the rows stay for the feed's numbers, their fingerprints and the times in a film do not."""
    BankEntry.objects.filter(material__report=report).update(pdq=EMPTY, at_s=None)


def write_folder(entries: Sequence[BankEntry]) -> None:
    """Bring the folder to the state of these rows. Safe to repeat: an id is taken out before it is put in."""
    bank = Bank.open(settings.UNSEEN.data_dir / "bank")
    ids = [entry.pk for entry in entries]
    with transaction.atomic():
        # Locked until the folder is written: a withdrawal in between would be overwritten by what we read before.
        rows = BankEntry.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
        rows = rows.select_related("material").order_by("pk")
        living = [entry for entry in rows if entry.removed_at is None]
        keys.warm(living)
        bank.remove(np.array(ids, dtype=np.uint64))
        if living:
            pdqs = np.frombuffer(b"".join(entry.pdq for entry in living), dtype=np.uint8).reshape(-1, 32)
            bank.add(pdqs, np.array([entry.pk for entry in living], dtype=np.uint64))
        BankEntry.objects.filter(pk__in=ids).update(in_folder=True)


def rebuild_folder() -> None:
    """Mark every row as due, so that a lost or damaged folder is written anew."""
    BankEntry.objects.filter(in_folder=True).update(in_folder=False)
