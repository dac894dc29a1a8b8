"""From the JSON of a report to a checked draft: what the intake API and the command line share."""

import json
from typing import Any

from unseen.domain.fingerprint import ORIGINAL, VARIANT_NAME, BadFingerprint, Fingerprint, parse_pdq
from unseen.domain.limits import REPORT_SIZE_BYTES_MAX
from unseen.domain.report import (
    AgeBand,
    BadReport,
    MaterialKind,
    ReportDraft,
    ReportedMaterial,
    check_report,
)
from unseen.fetch.locations import LocationError, parse_location

_FIELDS = {"age_band", "materials", "locations", "may_share"}


def read_report(body: bytes, ports: frozenset[int]) -> tuple[ReportDraft, bool]:
    """The draft and the consent to share; `ports` are those that locations may name. Raises BadReport.

    Unknown fields are refused, so that nothing slips in.
    """
    if len(body) > REPORT_SIZE_BYTES_MAX:
        raise BadReport(
            f"the report has {len(body)} bytes; at most {REPORT_SIZE_BYTES_MAX} are taken: send several"
        )
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadReport("the report is not valid JSON: send an object with materials and locations") from None
    if not isinstance(data, dict) or not set(data) <= _FIELDS:
        raise BadReport(f"the report must be an object with only these fields: {', '.join(sorted(_FIELDS))}")
    materials = tuple(_material(number, raw) for number, raw in enumerate(_list(data, "materials"), start=1))
    locations = tuple(dict.fromkeys(_location(raw, ports) for raw in _list(data, "locations")))
    draft = ReportDraft(_age_band(data.get("age_band", AgeBand.UNKNOWN)), materials, locations)
    return check_report(draft), _consent(data.get("may_share", False))


def _list(data: dict[str, Any], field: str) -> list[Any]:
    value = data.get(field, [])
    if not isinstance(value, list):
        raise BadReport(f"'{field}' must be a list")
    return value


def _consent(value: object) -> bool:
    if not isinstance(value, bool):
        raise BadReport("'may_share' must be true or false")
    return value


def _age_band(value: object) -> AgeBand:
    try:
        return AgeBand(str(value))
    except ValueError:
        raise BadReport(f"'age_band' must be one of: {', '.join(AgeBand)}") from None


def _location(value: object, ports: frozenset[int]) -> str:
    if not isinstance(value, str):
        raise BadReport("each of 'locations' must be a text: an address that starts with http:// or https://")
    try:
        return parse_location(value, ports=ports).text
    except LocationError as error:
        raise BadReport(str(error)) from None


def _material(number: int, raw: object) -> ReportedMaterial:
    """One line of `unseen fingerprint --json`, without path, size and digest: those stay on the device."""
    if not isinstance(raw, dict):
        raise BadReport(f"material {number} must be an object, as `unseen fingerprint --json` prints it")
    kind = raw.get("kind")
    if kind == MaterialKind.IMAGE and set(raw) <= {"kind", "pdq", "quality", "variants"}:
        forms = [
            {"name": ORIGINAL, "pdq": raw.get("pdq"), "quality": raw.get("quality")},
            *_list(raw, "variants"),
        ]
        return ReportedMaterial(MaterialKind.IMAGE, tuple(_fingerprint(number, form) for form in forms))
    if kind == MaterialKind.VIDEO and set(raw) <= {"kind", "frames"}:
        frames = tuple(_fingerprint(number, frame) for frame in _list(raw, "frames"))
        return ReportedMaterial(MaterialKind.VIDEO, frames)
    raise BadReport(
        f"material {number} must be an image (kind, pdq, quality, variants) or a video (kind, frames), "
        "and hold nothing else: no path, no file name, no size"
    )


def _fingerprint(number: int, raw: object) -> Fingerprint:
    if not isinstance(raw, dict) or not set(raw) <= {"name", "pdq", "quality", "at_s"}:
        raise BadReport(f"a fingerprint of material {number} may hold only name, pdq, quality and at_s")
    quality, at_s, name = raw.get("quality"), raw.get("at_s"), str(raw.get("name", ORIGINAL))
    if not isinstance(quality, int) or isinstance(quality, bool) or not 0 <= quality <= 100:
        raise BadReport(f"a fingerprint of material {number} has no quality between 0 and 100")
    if at_s is not None and (
        isinstance(at_s, bool) or not isinstance(at_s, int | float) or not 0 <= at_s < 1e6
    ):
        raise BadReport(f"a frame of material {number} has no time in seconds")
    if not VARIANT_NAME.fullmatch(name):
        raise BadReport(
            f"a variant of material {number} has a name that is none of ours: send those that "
            "`unseen fingerprint --json` prints, and no file name"
        )
    try:
        pdq = parse_pdq(str(raw.get("pdq", "")))
    except BadFingerprint as error:
        raise BadReport(f"material {number}: {error}") from None
    return Fingerprint(pdq, quality, name, float(at_s) if at_s is not None else None)
