"""A report: what a reporter sent, once. Fingerprints and locations, never a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from unseen.domain import limits
from unseen.domain.fingerprint import Fingerprint


class BadReport(ValueError):
    """The report cannot be taken; the message names the part and the cure. Nothing was stored."""


class AgeBand(StrEnum):
    """Asked first and kindly. Unknown is treated as a minor."""

    ADULT = "adult"
    MINOR = "minor"
    UNKNOWN = "unknown"


class MaterialKind(StrEnum):
    """One picture or one video."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class ReportedMaterial:
    """One picture or video as its fingerprints (variants, or frames with their second)."""

    kind: MaterialKind
    fingerprints: tuple[Fingerprint, ...]


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report that passed every check. Locations are in normal form and distinct."""

    age_band: AgeBand
    materials: tuple[ReportedMaterial, ...]
    locations: tuple[str, ...]


def check_report(draft: ReportDraft) -> ReportDraft:
    """The same report, or BadReport naming what is wrong with it."""
    _at_most("locations", draft.locations, limits.LOCATIONS_PER_REPORT_MAX)
    _at_most("materials", draft.materials, limits.MATERIALS_PER_REPORT_MAX)
    if not draft.materials and not draft.locations:
        raise BadReport("the report is empty: give at least one fingerprint or one location")
    for number, material in enumerate(draft.materials, start=1):
        _at_most(
            f"fingerprints of material {number}", material.fingerprints, limits.FINGERPRINTS_PER_MATERIAL_MAX
        )
        if not any(fingerprint.searchable for fingerprint in material.fingerprints):
            raise BadReport(
                f"material {number} has no fingerprint of quality {limits.QUALITY_MIN} or more: the picture is "
                "blank or blurred; send another copy of it, or its locations only"
            )
    return draft


def _at_most(what: str, things: Sequence[object], most: int) -> None:
    if len(things) > most:
        raise BadReport(
            f"{len(things)} {what} are more than the {most} that one report may hold: send several reports"
        )
