"""Turn one data file into a party; every fault becomes a problem."""

from typing import Any

from unseen.domain.batch import Limits
from unseen.domain.ladder import Role
from unseen.domain.notice import Confidence
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
from unseen.takedown.directory.url_forms import BadForm, Identifies, UrlForm, check_form

# Each kind of channel says where it leads in a field of its own.
_TO_FIELD = {
    ChannelKind.API: "endpoint",
    ChannelKind.EMAIL: "address",
    ChannelKind.FORM: "location",
    ChannelKind.REPORT: "address",
    ChannelKind.PACKET: "address",
}
_MOST = 1_000_000  # of anything that a limit counts
_LIMITS = ("locations_per_notice_max", "location_characters_max", "text_characters_max")


def parse_party(fields: Fields) -> Party:
    """The party of one file; where a field is wrong the value is a stand-in and a problem is noted."""
    kind = fields.choice("kind", PartyKind, PartyKind.PLATFORM)
    regulates = fields.texts_matching("regulates", COUNTRY, "KR", ())
    if kind is PartyKind.REGULATOR and not regulates:
        fields.bad("regulates", "is empty for a regulator", 'name its countries, as ["KR"]')
    if kind is not PartyKind.REGULATOR and regulates:
        fields.bad("regulates", f"is given for a {kind}", "delete it, or say that this is a regulator")
    domains = fields.texts_matching("domains", DOMAIN, "prompt.example")
    party = Party(
        key=fields.matching("key", KEY, "prompt"),
        name=fields.text("name"),
        kind=kind,
        domains=domains,
        country=fields.matching("country", COUNTRY, "US"),
        laws=fields.texts("laws"),
        channels=_channels(fields),
        languages=fields.texts_matching("languages", LANGUAGE, "en"),
        source=fields.text("source"),
        checked_on=fields.day("checked_on"),
        confidence=fields.choice("confidence", Confidence, Confidence.LOW),
        regulates=regulates,
        known_behaviour=fields.text("known_behaviour", ""),
        behind=_behind(fields),
        blocks=fields.texts_matching("blocks", COUNTRY, "KR", ()),
        serves=fields.texts_matching("serves", COUNTRY, "KR", ()),
        required_fields=fields.texts("required_fields", ()),
        url_forms=_url_forms(fields, domains),
        limits=_limits(fields),
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
    for extra in table.keys() - {"kind", name}:
        fields.bad(f"{field}.{extra}", "no such field", f"a channel of kind {kind} has kind and {name} only")
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
    return Channel(kind, to)


def _behind(fields: Fields) -> tuple[tuple[Role, tuple[str, ...]], ...]:
    """Who serves this party: one host, CDN, network and registrar, any number of app stores and payment networks."""
    found: list[tuple[Role, tuple[str, ...]]] = []
    for role in (Role.HOST, Role.CDN, Role.NETWORK, Role.REGISTRAR):
        key = fields.matching(role.value, KEY, "prompt-hosting", "")
        if key:
            found.append((role, (key,)))
    for field, role in (("app_stores", Role.APP_STORE), ("payments", Role.PAYMENT)):
        keys = fields.texts_matching(field, KEY, "a-store", ())
        if keys:
            found.append((role, keys))
    return tuple(found)


def _limits(fields: Fields) -> Limits:
    inner = fields.inner("limits")
    counts = {name: inner.count(name, _MOST) for name in _LIMITS}
    one_host = inner.flag("one_host_per_notice")
    inner.finish()
    return Limits(**counts, one_host_per_notice=one_host)


def _url_forms(fields: Fields, domains: tuple[str, ...]) -> tuple[UrlForm, ...]:
    """The forms, each tried on its own examples: an example has this form, and none before it."""
    forms: list[UrlForm] = []
    for number, table in enumerate(fields.tables("url_forms", optional=True), start=1):
        inner = fields.nested(f"url_forms[{number}]", table)
        form = UrlForm(
            inner.choice("identifies", Identifies, Identifies.POST),
            inner.text("form"),
            inner.texts("examples"),
            inner.texts_matching("hosts", DOMAIN, "prompt.example", ()),
        )
        inner.finish()
        try:
            check_form(form.form)
        except BadForm as fault:
            inner.bad("form", f"{form.form!r} {fault}", "write it like '/{channel}/{message:digits}'")
            continue
        _check_examples(inner, form, forms, domains)
        forms.append(form)
    return tuple(forms)


def _check_examples(fields: Fields, form: UrlForm, before: list[UrlForm], domains: tuple[str, ...]) -> None:
    if not form.examples:
        fields.bad("examples", "is empty", "give at least one location that has this form")
    for example in form.examples:
        host = example.partition("://")[2].partition("/")[0]
        if web_address_fault(example):
            fields.bad("examples", f"{example!r} {web_address_fault(example)}", "give an https location")
        elif not any(host == domain or host.endswith(f".{domain}") for domain in domains):
            fields.bad("examples", f"{example!r} is not of this party's domains", "correct the example")
        elif form.parts_of(example) is None:
            fields.bad("examples", f"{example!r} does not have this form", "correct the form or the example")
        elif any(one.parts_of(example) is not None for one in before):
            fields.bad("examples", f"{example!r} has an earlier form too", "put the narrower form first")
