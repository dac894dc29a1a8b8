"""Turn one data file into a law; every fault becomes a problem."""

from typing import Any

from unseen.domain.notice import AppliesTo, Confidence, Element, Law, LawStatus, LawUse
from unseen.takedown.directory.fields import COUNTRY, KEY, LANGUAGE, Fields, web_address_fault


def parse_law(fields: Fields) -> Law | None:
    """The law of one file, or None when its hours are missing (noted as a problem)."""
    hours, target = fields.hours("answer_within_hours"), fields.hours("target_hours")
    status = fields.choice("status", LawStatus, LawStatus.UNCERTAIN)
    use = fields.choice("use", LawUse, LawUse.NOTICE, LawUse.NOTICE)
    timeless = use is LawUse.REFERENCE and hours is None and target is None
    in_force_from = fields.day("in_force_from", optional=True)
    if hours is None and target is None and not timeless:
        cure = "add a target of ours, in hours"
        fields.bad("target_hours", "neither the law's hours nor a target is given", cure)
    _check_status(fields, status, has_day=in_force_from is not None, hours=hours)
    checked_on = fields.day("checked_on")
    values: dict[str, Any] = {
        name: fields.text(name)
        for name in ("version", "jurisdiction", "instrument", "article", "title", "clock_start")
    }
    values |= {
        name: fields.text(name) for name in ("deadline_words", "duty_on_copies", "penalty", "complain_to")
    }
    values |= {
        "id": fields.matching("id", KEY, "us-tida"),
        "note": fields.text("note", ""),
        "called": fields.text("called", ""),
        "use": use,
        "in_force_until": fields.day("in_force_until", optional=True),
        "persons_in": fields.texts_matching("persons_in", COUNTRY, "KR", ()),
        "applies_to": fields.choices("applies_to", AppliesTo),
        "elements": fields.choices("elements", Element),
        "senders": fields.texts("senders"),
        "languages": fields.texts_matching("languages", LANGUAGE, "en"),
        "sources": _sources(fields),
        "confidence": fields.choice("confidence", Confidence, Confidence.LOW),
    }
    fields.finish()
    if (hours is None and target is None and not timeless) or checked_on is None:
        return None
    return Law(
        answer_within_hours=hours,
        target_hours=target,
        status=status,
        in_force_from=in_force_from,
        checked_on=checked_on,
        **values,
    )


def _check_status(fields: Fields, status: LawStatus, *, has_day: bool, hours: int | None) -> None:
    if status is LawStatus.POLICY and hours is not None:
        fields.bad(
            "answer_within_hours", "a policy binds nobody, so its hours are no statute's", "use target_hours"
        )
    if status is LawStatus.IN_FORCE and not has_day:
        fields.bad(
            "in_force_from", "is missing for a law in force", "add the day, or say passed or uncertain"
        )


def _sources(fields: Fields) -> tuple[str, ...]:
    sources = fields.texts("sources")
    for source in sources:
        fault = web_address_fault(source)
        if fault:
            fields.bad(
                "sources", f"{source!r} {fault}", "give the public https location where the law was read"
            )
    if not sources:
        fields.bad("sources", "is empty", "give the public https location where the law was read")
    return sources
