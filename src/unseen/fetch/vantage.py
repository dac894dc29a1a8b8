"""Vantages: the places from which we look at a location."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

_KEYS = frozenset({"name", "address", "country", "user_agent", "own_address", "proxy"})
_COUNTRY = re.compile(r"[A-Z]{2}")
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,400}")
_PROXY = re.compile(r"http://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})/?")


class VantageError(ValueError):
    """The setting with the vantages cannot be used; the message names the vantage and the cure."""


@dataclass(frozen=True, slots=True)
class Vantage:
    """One place to look from.

    `source_address` is bound on this machine; `proxy` is `http://host:port` of a forward proxy elsewhere.
    `own_address` marks the address that platforms know as the complainant's.
    """

    name: str
    country: str
    source_address: str | None
    proxy: str | None
    user_agent: str
    own_address: bool = False

    @property
    def proxy_endpoint(self) -> tuple[str, int] | None:
        """Host and port of the proxy."""
        found = _PROXY.fullmatch(self.proxy) if self.proxy else None
        return (found[1].strip("[]"), int(found[2])) if found else None


def parse_vantages(text: str) -> tuple[Vantage, ...]:
    """Read a JSON list of objects with name, country, user_agent and, if wanted, address, proxy, own_address.

    Raises VantageError.
    """
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise VantageError("The vantages are not JSON; give a list of objects.") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise VantageError("The vantages are not a JSON list of objects.")
    found = tuple(_vantage(row, f"Vantage {number}") for number, row in enumerate(rows, start=1))
    names = [vantage.name for vantage in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise VantageError(f"Two vantages are named '{twice[0]}'; give each its own name.")
    return found


def _vantage(row: Mapping[str, object], which: str) -> Vantage:
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise VantageError(f"{which} has '{unknown[0]}'; understood are {', '.join(sorted(_KEYS))}.")
    own = row.get("own_address", False)
    if not isinstance(own, bool):
        raise VantageError(f"{which}: own_address is neither true nor false.")
    country = _text(row, which, "country", _COUNTRY, "two capital letters, for example KR")
    proxy = row.get("proxy")
    if proxy is not None and not (isinstance(proxy, str) and _PROXY.fullmatch(proxy)):
        raise VantageError(f"{which}: proxy is not http://host:port; other kinds of proxy are not supported.")
    return Vantage(
        name=_text(row, which, "name", _PRINTABLE, "a short name"),
        country=country,
        source_address=_source(row, which),
        proxy=proxy,
        user_agent=_text(row, which, "user_agent", _PRINTABLE, "1 to 400 printable ASCII characters"),
        own_address=own,
    )


def _text(row: Mapping[str, object], which: str, key: str, pattern: re.Pattern[str], cure: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise VantageError(f"{which} has no usable '{key}'; give {cure}.")
    return value


def _source(row: Mapping[str, object], which: str) -> str | None:
    value = row.get("address")
    if value is None:
        return None
    try:
        return str(ip_address(str(value)))
    except ValueError as error:
        raise VantageError(f"{which}: address is not an IP address of this machine.") from error
