"""From what was resolved to data files that a person can read, correct and save: the site, its host, its registrar."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from unseen.domain.ladder import Role
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.party import Party, PartyKind
from unseen.takedown.rdap.answers import Contact
from unseen.takedown.rdap.resolve import Resolved

_ROLE_OF = {PartyKind.HOST: Role.HOST, PartyKind.CDN: Role.CDN, PartyKind.REGISTRAR: Role.REGISTRAR}


@dataclass(frozen=True, slots=True)
class Draft:
    """One file: its name without the ending, and its text."""

    key: str
    text: str


def known_party(directory: Directory, contact: Contact, kinds: tuple[PartyKind, ...]) -> Party | None:
    """The party of the directory whose domain an abuse address belongs to, if it is of one of these kinds."""
    for email in contact.emails:
        party = directory.party_for(email.partition("@")[2])
        if party.known and party.kind in kinds:
            return party
    return None


def drafts(resolved: Resolved, directory: Directory, country: str) -> tuple[Draft, ...]:
    """The files that would make this site known: those of its host and registrar, where the directory lacks them."""
    serving = known_party(directory, resolved.network_abuse, (PartyKind.HOST, PartyKind.CDN))
    registrar = known_party(directory, resolved.registrar_abuse, (PartyKind.REGISTRAR,))
    found: list[Draft] = []
    behind: dict[str, str] = {}
    if serving is not None:
        behind[_ROLE_OF[serving.kind].value] = serving.key
    elif resolved.network_abuse.emails:
        name = resolved.network_abuse.name or resolved.network_holder or resolved.network
        found.append(_party(PartyKind.HOST, resolved.network or name, name, resolved, country))
        behind[Role.HOST.value] = found[-1].key
    if registrar is not None:
        behind[Role.REGISTRAR.value] = registrar.key
    elif resolved.registrar_abuse.emails:
        name = resolved.registrar or resolved.registrar_abuse.name
        found.append(_party(PartyKind.REGISTRAR, name, name, resolved, country))
        behind[Role.REGISTRAR.value] = found[-1].key
    return (*found, _site(resolved, behind, country))


def _party(kind: PartyKind, called: str, name: str, resolved: Resolved, country: str) -> Draft:
    """A host or a registrar. It claims no domain: whose mail provider it uses says nothing about who it is."""
    host = kind is PartyKind.HOST
    abuse = resolved.network_abuse if host else resolved.registrar_abuse
    channels = [f'{{ kind = "email", address = {_toml(email)} }}' for email in abuse.emails]
    of_network = resolved.network_country if host else ""
    more = {"domains": [], "country": of_network or country, "laws": ["host-abuse"]}
    key = _key(f"{kind}-{called}")
    return Draft(key, "\n".join(_lines(key, name or key, kind, more, channels, resolved.resolved_on)))


def _site(resolved: Resolved, behind: dict[str, str], country: str) -> Draft:
    key = _key(resolved.site)
    lines = {"domains": [resolved.site], "country": country, "laws": ["host-abuse"], **behind}
    return Draft(
        key, "\n".join(_lines(key, resolved.site, PartyKind.PLATFORM, lines, [], resolved.resolved_on))
    )


def _lines(
    key: str, name: str, kind: PartyKind, more: Mapping[str, object], channels: list[str], on: date
) -> Iterator[str]:
    yield "# Written from RDAP and DNS: text by strangers. Check each line before you keep it, the country above all."
    yield f"key = {_toml(key)}"
    yield f"name = {_toml(name)}"
    yield f"kind = {_toml(kind.value)}"
    yield from (f"{field} = {_toml(value)}" for field, value in more.items())
    yield f"channels = [{', '.join(channels)}]"
    yield 'languages = ["en"]'
    yield 'source = "RDAP and DNS, not confirmed by a person"'
    yield f"checked_on = {on.isoformat()}"
    yield 'confidence = "low"\n'


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "site"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)  # a JSON string without surrogates is a TOML basic string
