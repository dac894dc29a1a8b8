"""Writes about reports: take one, withdraw one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from unseen.domain.report import AgeBand, ReportDraft
from unseen.intake.models import Report, ReportedFingerprint, ReportedLocation, ReportedMaterial
from unseen.intake.receipts import Receipt, digest_of, new_receipt
from unseen.journal import actions as journal
from unseen.keys import actions as keys
from unseen.keys.queries import key_of
from unseen.leases import let_go


def receive_report(draft: ReportDraft, *, may_share: bool, now: datetime) -> Receipt:
    """Store the report whole, and give the receipt that is shown once."""
    receipt = new_receipt()
    stored = digest_of(receipt)  # slow on purpose, so outside the transaction
    with transaction.atomic():
        report = Report.objects.create(
            received_at=now,
            locator=receipt.locator,
            receipt_digest=stored,
            age_band=draft.age_band,
            may_share=may_share,
            due_at=now,
        )
        keys.make([report.pk])
        _store_materials(report, draft)
        mark = key_of(report.pk).mark
        ReportedLocation.objects.bulk_create(
            ReportedLocation(report=report, text=text, mark=mark(text)) for text in draft.locations
        )
        journal.write(
            "report:intake:received",
            journal.about("report", report.pk),
            now,
            materials=len(draft.materials),
            locations=len(draft.locations),
        )
    return receipt


def _store_materials(report: Report, draft: ReportDraft) -> None:
    for number, material in enumerate(draft.materials, start=1):
        row = ReportedMaterial.objects.create(report=report, number=number, kind=material.kind)
        ReportedFingerprint.objects.bulk_create(
            ReportedFingerprint(
                material=row,
                pdq=fingerprint.pdq,
                quality=fingerprint.quality,
                variant=fingerprint.variant,
                at_s=fingerprint.at_s,
            )
            for fingerprint in material.fingerprints
        )


def withdraw_report(report: Report, now: datetime) -> bool:
    """The person says stop. Every later stage finds the mark and stops; False when it was withdrawn before."""
    with transaction.atomic():
        changed = Report.objects.filter(pk=report.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=now, due_at=now
        )
        if changed:
            journal.write("report:intake:withdrawn", journal.about("report", report.pk), now)
    return bool(changed)


def destroy_report(report: Report, now: datetime) -> None:
    """After withdrawal, when every stage has erased its part: what was reported, and the key."""
    with transaction.atomic():
        ReportedFingerprint.objects.filter(material__report=report).delete()
        ReportedLocation.objects.filter(report=report).delete()
        Report.objects.filter(pk=report.pk).update(
            age_band=AgeBand.UNKNOWN,
            may_share=False,
            destroyed_at=now,
            due_at=None,
            lease_by="",
            lease_until=None,
        )
        keys.destroy(report.pk)
        journal.write("report:key:destroyed", journal.about("report", report.pk), now)


def mark_cleared(destroyed_by: datetime, now: datetime) -> int:
    """What the database had left of reports destroyed until then is gone from the disk. Returns how many they are."""
    gone = Report.objects.filter(destroyed_at__lte=destroyed_by, cleared_at__isnull=True)
    return gone.update(cleared_at=now)


def date_back(now: datetime) -> int:
    """A clock that ran ahead is right again: no report waits for a later time."""
    return Report.objects.filter(due_at__gt=now).update(due_at=now)


def settle_report(report: Report) -> None:
    """The stages that take reports up are done with it. One that was withdrawn meanwhile stays due, and is free."""
    held = Report.objects.filter(pk=report.pk, lease_by=report.lease_by)
    with transaction.atomic():
        held.filter(withdrawn_at=report.withdrawn_at).update(due_at=None)
        held.update(lease_until=None, lease_by="")


def give_back(reports: Sequence[Report]) -> None:
    """Nothing was done with them: they are as due as they were, and free."""
    let_go(Report.objects.all(), reports)


def mark_banked(report: Report, now: datetime) -> None:
    """Its fingerprints stand in the hash bank."""
    Report.objects.filter(pk=report.pk).update(banked_at=now)


def mark_unbanked(report: Report, now: datetime) -> None:
    """After withdrawal: its fingerprints were taken out of the hash bank."""
    Report.objects.filter(pk=report.pk).update(unbanked_at=now)
