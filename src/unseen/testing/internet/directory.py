"""Describes each party the way a centre's own directory of platforms does: one small TOML file each."""

import json
from datetime import date

from unseen.testing.internet.authorities import Regulator
from unseen.testing.internet.party import Party
from unseen.testing.internet.platform import Platform


def toml(party: Party, port: int, checked_on: date) -> str:
    """The TOML text of one party; channels stand in order of preference."""
    lines = [
        f"key = {_text(party.key)}",
        f"name = {_text(party.title)}",
        f"kind = {_text(party.kind)}",
        f"domains = {_list([party.domain])}",
        f"country = {_text(party.country)}",
        f"laws = {_list(party.laws)}",
    ]
    if isinstance(party, Platform):
        lines.append(f"host = {_text(party.host)}")
    if isinstance(party, Regulator):
        lines.append(f"regulates = {_list([party.country])}")
    lines += [
        f"channels = [{', '.join(_channels(party, port))}]",
        f"languages = {_list(party.languages)}",
        'source = "unseen.testing.internet"',
        f"checked_on = {checked_on.isoformat()}",
        'confidence = "high"',
        f"known_behaviour = {_text(party.character)}",
    ]
    return "\n".join(lines) + "\n"


def _channels(party: Party, port: int) -> list[str]:
    mail = f'{{kind = "email", address = {_text(party.mail_address)}}}'
    if isinstance(party, Platform) and party.api:
        endpoint = _text(f"http://{party.domain}:{port}/notices")
        return [f'{{kind = "api", endpoint = {endpoint}}}', mail]
    return [mail]


def _text(value: str) -> str:
    return json.dumps(value)  # a JSON string without surrogates is a TOML basic string


def _list(values: list[str] | tuple[str, ...]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"
