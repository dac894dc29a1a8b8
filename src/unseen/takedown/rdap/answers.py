"""Read an RDAP answer (RFC 9083) as what it is: text by a stranger. Whatever is odd is left out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from unseen.takedown.directory.fields import ADDRESS

ANSWER_SIZE_BYTES_MAX = 512_000  # the largest answers of registries stay under 100 kB
_DEPTH_MAX = 4  # network, organisation, its abuse contact; one more to be safe
_ENTITIES_MAX = 60
_TEXT_CHARACTERS_MAX = 200
_EMAIL_CHARACTERS_MAX = 254  # RFC 5321, 4.5.3.1.3


class BadAnswer(ValueError):
    """An answer that is not RDAP; the message repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A name and the addresses at which it takes complaints, the nearest first."""

    name: str = ""
    emails: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.name or self.emails)


NOBODY = Contact()


@dataclass(frozen=True, slots=True)
class RdapAnswer:
    """What an answer says: its own name, who holds it, who registered it, and where complaints go."""

    name: str
    country: str
    holder: Contact
    registrar: Contact
    abuse: Contact


@dataclass(frozen=True, slots=True)
class _Entity:
    roles: frozenset[str]
    above: frozenset[str]  # the roles of the entities around it
    contact: Contact


def read_answer(body: bytes) -> RdapAnswer:
    """The parts of an answer that we use. Raises BadAnswer."""
    if len(body) > ANSWER_SIZE_BYTES_MAX:
        raise BadAnswer("the answer of the registry is too long")
    try:
        table = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadAnswer("the answer of the registry is not JSON") from error
    if not isinstance(table, dict) or "objectClassName" not in table:
        raise BadAnswer("the answer of the registry is not RDAP")
    entities = list(_entities(table, frozenset(), 0, [_ENTITIES_MAX]))
    country = _text(table.get("country")).upper()
    return RdapAnswer(
        name=_text(table.get("name")) or _text(table.get("ldhName")) or _text(table.get("handle")),
        country=country if len(country) == 2 and country.isalpha() and country.isascii() else "",
        holder=_first(entities, "registrant"),
        registrar=_first(entities, "registrar"),
        abuse=_abuse(entities),
    )


def _entities(table: dict[str, Any], above: frozenset[str], depth: int, left: list[int]) -> Iterator[_Entity]:
    rows = table.get("entities")
    if not isinstance(rows, list) or depth >= _DEPTH_MAX:
        return
    for row in rows:
        if not isinstance(row, dict) or left[0] <= 0:
            continue
        left[0] -= 1
        given = row.get("roles")
        roles = (
            frozenset(_text(role).lower() for role in given if _text(role))
            if isinstance(given, list)
            else above
        )
        yield _Entity(roles, above, _contact(row))
        yield from _entities(row, roles | above, depth + 1, left)


def _first(entities: list[_Entity], role: str) -> Contact:
    return next((one.contact for one in entities if role in one.roles and one.contact), NOBODY)


def _abuse(entities: list[_Entity]) -> Contact:
    """The abuse contact; without one, nobody: a technical or private address is no place for complaints."""
    found = [one.contact for one in entities if "abuse" in one.roles]
    emails = tuple(dict.fromkeys(email for contact in found for email in contact.emails))
    return Contact(next((contact.name for contact in found if contact.name), ""), emails[:3])


def _contact(entity: dict[str, Any]) -> Contact:
    """Name and e-mail addresses of a jCard (RFC 7095): ["vcard", [[name, parameters, type, value], ...]]."""
    card = entity.get("vcardArray")
    rows = card[1] if isinstance(card, list) and len(card) == 2 and isinstance(card[1], list) else []
    name, emails = "", []
    for row in rows[:_ENTITIES_MAX]:
        if not isinstance(row, list) or len(row) < 4 or not isinstance(row[3], str):
            continue
        value = _text(row[3])
        if row[0] in ("fn", "org") and value and not name:
            name = value
        address = value.removeprefix("mailto:")
        if row[0] == "email" and len(address) <= _EMAIL_CHARACTERS_MAX and ADDRESS.fullmatch(address):
            emails.append(address.lower())
    return Contact(name, tuple(dict.fromkeys(emails)))


def _text(value: object) -> str:
    """One short printable line, or nothing."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value.split())
    return line[:_TEXT_CHARACTERS_MAX] if line.isprintable() else ""
