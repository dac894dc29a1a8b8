"""Turn one data file into a law or a party; every fault becomes a problem."""

from typing import Any

from unseen.domain.batch import Limits
from unseen.domain.notice import AppliesTo, Confidence, Element, Law, LawStatus
from unseen.takedown.directory.fields import (
    ADDRESS,
    COUNTRY,
    DOMAIN,
    KEY,
    LANGUAGE,
    Fields,
    web_address_fault,
)
from unseen.takedown.directory.party import Channel, ChannelKind, Party, PartyKind

# Each kind of channel says where it leads in a field of its own.
_TO_FIELD = {
    ChannelKind.API: "endpoint",
    ChannelKind.EMAIL: "address",
    ChannelKind.FORM: "location",
    ChannelKind.REPORT: "address",
    ChannelKind.PACKET: "address",
}
# What one notice by this channel may hold; see domain/batch.py.
_LIMITS = ("locations_max", "characters_max", "location_characters_max")
LIMIT_MAX = 1_000_000  # a larger number is a typing error


def parse_law(fields: Fields) -> Law | None:
    """The law of one file, or None when its hours are missing (noted as a problem)."""
    hours, target = fields.hours("answer_within_hours"), fields.hours("target_hours")
    status = fields.choice("status", LawStatus, LawStatus.UNCERTAIN)
    in_force_from = fields.day("in_force_from", optional=True)
    _check_hours_and_status(fields, status, has_day=in_force_from is not None, hours=hours, target=target)
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
        "applies_to": fields.choices("applies_to", AppliesTo),
        "elements": fields.choices("elements", Element),
        "senders": fields.texts("senders"),
        "languages": fields.texts_matching("languages", LANGUAGE, "en"),
        "sources": _sources(fields),
        "confidence": fields.choice("confidence", Confidence, Confidence.LOW),
    }
    fields.finish()
    if (hours is None and target is None) or checked_on is None:
        return None
    return Law(
        answer_within_hours=hours,
        target_hours=target,
        status=status,
        in_force_from=in_force_from,
        checked_on=checked_on,
        **values,
    )


def _check_hours_and_status(
    fields: Fields, status: LawStatus, *, has_day: bool, hours: int | None, target: int | None
) -> None:
    if hours is None and target is None:
        fields.bad(
            "target_hours", "neither the law's hours nor a target is given", "add a target of ours, in hours"
        )
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


def parse_party(fields: Fields) -> Party:
    """The party of one file; where a field is wrong the value is a stand-in and a problem is noted."""
    kind = fields.choice("kind", PartyKind, PartyKind.PLATFORM)
    host = fields.matching("host", KEY, "prompt-hosting", "")
    regulates = fields.texts_matching("regulates", COUNTRY, "KR", ())
    if kind is PartyKind.REGULATOR and not regulates:
        fields.bad("regulates", "is empty for a regulator", 'name its countries, as ["KR"]')
    if kind is not PartyKind.REGULATOR and regulates:
        fields.bad("regulates", f"is given for a {kind}", "delete it, or say that this is a regulator")
    party = Party(
        key=fields.matching("key", KEY, "prompt"),
        name=fields.text("name"),
        kind=kind,
        domains=fields.texts_matching("domains", DOMAIN, "prompt.example"),
        country=fields.matching("country", COUNTRY, "US"),
        laws=fields.texts("laws"),
        channels=_channels(fields),
        languages=fields.texts_matching("languages", LANGUAGE, "en"),
        source=fields.text("source"),
        checked_on=fields.day("checked_on"),
        confidence=fields.choice("confidence", Confidence, Confidence.LOW),
        host=host or None,
        regulates=regulates,
        known_behaviour=fields.text("known_behaviour", ""),
    )
    if not party.languages:
        fields.bad("languages", "is empty", 'name the languages that are read there, as ["en"]')
    fields.finish()
    return party


def _channels(fields: Fields) -> tuple[Channel, ...]:
    channels = []
    for number, table in enumerate(fields.tables("channels"), start=1):
        channel = _channel(fields, f"channels[{number}]", table)
        if channel is not None:
            channels.append(channel)
    return tuple(channels)


def _channel(fields: Fields, field: str, table: dict[str, Any]) -> Channel | None:
    word = table.get("kind")
    if word not in set(ChannelKind):
        fields.bad(f"{field}.kind", f"{word!r} is not known", f"use one of {', '.join(ChannelKind)}")
        return None
    kind = ChannelKind(word)
    name = _TO_FIELD[kind]
    for extra in table.keys() - {"kind", name, *_LIMITS}:
        allowed = f"a channel of kind {kind} has kind and {name} only, and may have {', '.join(_LIMITS)}"
        fields.bad(f"{field}.{extra}", "no such field", allowed)
    to = table.get(name)
    if not isinstance(to, str):
        fields.bad(f"{field}.{name}", "is missing", f"add it: a channel of kind {kind} leads there")
        return None
    by_mail = name == "address"
    if by_mail and not ADDRESS.fullmatch(to):
        fields.bad(
            f"{field}.{name}", f"{to!r} is not one plain e-mail address", "write it like 'abuse@prompt.test'"
        )
    fault = "" if by_mail else web_address_fault(to)
    if fault:
        fields.bad(
            f"{field}.{name}", f"{to!r} {fault}", "give the public https location, without name or password"
        )
    return Channel(kind, to, _limits(fields, field, table))


def _limits(fields: Fields, field: str, table: dict[str, Any]) -> Limits:
    values = {}
    for name in _LIMITS:
        value = table.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LIMIT_MAX:
            fields.bad(
                f"{field}.{name}", f"{value!r} is no limit", f"write a whole number from 1 to {LIMIT_MAX}"
            )
            continue
        values[name] = value
    return Limits(**values)
