"""Reports as `unseen report` would leave them, many at once. Not counted and not timed: Argon2 alone costs 50 ms each."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from benchmarks.nation.platforms import PLACES_A_REPORT, location_of, material_of
from unseen.domain.report import AgeBand, MaterialKind
from unseen.intake.models import Report, ReportedFingerprint, ReportedLocation, ReportedMaterial
from unseen.journal import actions as journal
from unseen.keys import actions as keys
from unseen.keys.queries import key_of


def insert(first: int, last: int, now: datetime) -> None:
    """The reports with the items `first` to `last`, the last one left out. Both begin a report."""
    numbers = range(first, last, PLACES_A_REPORT)
    if not numbers:
        return
    with transaction.atomic():
        reports = Report.objects.bulk_create([_report(number, now) for number in numbers])
        keys.make([report.pk for report in reports])
        materials = [_material(report, number) for report, number in zip(reports, numbers, strict=True)]
        ReportedMaterial.objects.bulk_create(materials)
        ReportedFingerprint.objects.bulk_create(
            ReportedFingerprint(material=row, pdq=row.pk.bytes * 2, quality=90, variant="original")
            for row in materials
        )
        ReportedLocation.objects.bulk_create(
            ReportedLocation(
                report=report, text=location_of(item), mark=key_of(report.pk).mark(location_of(item))
            )
            for report, number in zip(reports, numbers, strict=True)
            for item in range(number, min(number + PLACES_A_REPORT, last))
        )
        _tell(reports, now)


def _report(number: int, now: datetime) -> Report:
    return Report(
        received_at=now,
        locator=f"{number:016d}",
        receipt_digest="none: nobody comes back to this report",
        age_band=AgeBand.ADULT,
        may_share=False,
        due_at=now,
    )


def _material(report: Report, number: int) -> ReportedMaterial:
    return ReportedMaterial(pk=material_of(number), report=report, number=1, kind=MaterialKind.IMAGE)


def _tell(reports: Sequence[Report], now: datetime) -> None:
    for report in reports:
        subject = journal.about("report", report.pk)
        journal.write("report:intake:received", subject, now, materials=1, locations=PLACES_A_REPORT)
