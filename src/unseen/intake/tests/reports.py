"""Reports for tests: filed through the real action, with random fingerprints."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps

from unseen.domain.fingerprint import Fingerprint
from unseen.domain.report import AgeBand, MaterialKind, ReportDraft, ReportedMaterial
from unseen.intake.actions import receive_report
from unseen.intake.models import Report
from unseen.intake.receipts import Receipt

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE = "https://platform.test/p/1"
PORTS = frozenset({80, 443})


def picture(*fingerprints: Fingerprint) -> ReportedMaterial:
    """A picture with these fingerprints, or with one at random."""
    return ReportedMaterial(MaterialKind.IMAGE, fingerprints or (Fingerprint(os.urandom(32), 90),))


def file_report(
    *materials: ReportedMaterial, locations: tuple[str, ...] = (), share: bool = False, at: datetime = NOON
) -> tuple[Report, Receipt]:
    """A stored report and its receipt; with one random picture where none is given."""
    draft = ReportDraft(AgeBand.ADULT, materials or (picture(),), locations)
    receipt = receive_report(draft, may_share=share, now=at)
    return Report.objects.get(locator=receipt.locator), receipt


def a_report(
    *materials: ReportedMaterial, locations: tuple[str, ...] = (), share: bool = False, at: datetime = NOON
) -> Report:
    """The same without the receipt."""
    return file_report(*materials, locations=locations, share=share, at=at)[0]


def said(**changes: Any) -> dict[str, Any]:
    """The JSON of a good report, with changes."""
    image = {
        "kind": "image",
        "pdq": "5a" * 32,
        "quality": 90,
        "variants": [{"name": "mirror", "pdq": "a5" * 32, "quality": 88}],
    }
    good = {"age_band": "adult", "may_share": True, "materials": [image], "locations": [PAGE]}
    return {**good, **changes}


def row_counts() -> dict[str, int]:
    """How many rows each table of ours holds."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("unseen.")]
    return {model._meta.label: model._default_manager.count() for model in ours}
