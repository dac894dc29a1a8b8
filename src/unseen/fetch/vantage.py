"""Vantages: the places from which we look at a location."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

_KEYS = frozenset(
    {"name", "address", "country", "user_agent", "own_address", "proxy", "resolver", "search", "held_back"}
)
_COUNTRY = re.compile(r"[A-Z]{2}")
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,400}")
_PROXY = re.compile(r"(http|socks5)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})/?")
_RESOLVER = re.compile(r"([0-9.]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?")
_SEARCH = re.compile(r"https?://[\x21-\x7e]{1,1000}")
_DNS_PORT = 53
LOCATION_HERE = "{location}"


class VantageError(ValueError):
    """The setting with the vantages cannot be used; the message names the vantage and the cure."""


@dataclass(frozen=True, slots=True)
class Vantage:
    """One place to look from.

    `source_address` is bound on this machine; `proxy` is `http://host:port` or `socks5://host:port` of a forward
    proxy elsewhere. `own_address` marks the address that platforms know as the complainant's. `resolver` is the
    address and port of a name server of its own. `search` is the page of a search source with `{location}` in it.
    `held_back`: it looks only where the others find the content gone. No vantage keeps cookies: all are logged out.
    """

    name: str
    country: str
    source_address: str | None
    proxy: str | None
    user_agent: str
    own_address: bool = False
    resolver: tuple[str, int] | None = None
    search: str | None = None
    held_back: bool = False

    @property
    def proxy_endpoint(self) -> tuple[str, str, int] | None:
        """Scheme, host and port of the proxy."""
        found = _PROXY.fullmatch(self.proxy) if self.proxy else None
        return (found[1], found[2].strip("[]"), int(found[3])) if found else None

    @property
    def seen_as(self) -> str:
        """What a host can tell its vantages apart by: the source address or the proxy. One budget for all who share it."""
        return self.source_address or self.proxy or "this machine"

    @property
    def is_everyday(self) -> bool:
        """Whether it looks at places itself, and each time."""
        return self.search is None and not self.held_back


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
    if found and not found[0].is_everyday:
        raise VantageError(
            "The first vantage is held back or searches; list one first that always looks itself."
        )
    return found


def _vantage(row: Mapping[str, object], which: str) -> Vantage:
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise VantageError(f"{which} has '{unknown[0]}'; understood are {', '.join(sorted(_KEYS))}.")
    country = _text(row, which, "country", _COUNTRY, "two capital letters, for example KR")
    proxy = row.get("proxy")
    if proxy is not None and not (isinstance(proxy, str) and _PROXY.fullmatch(proxy)):
        raise VantageError(f"{which}: proxy is neither http://host:port nor socks5://host:port.")
    return Vantage(
        name=_text(row, which, "name", _PRINTABLE, "a short name"),
        country=country,
        source_address=_source(row, which),
        proxy=proxy,
        user_agent=_text(row, which, "user_agent", _PRINTABLE, "1 to 400 printable ASCII characters"),
        own_address=_flag(row, which, "own_address"),
        resolver=_resolver(row, which),
        search=_search(row, which),
        held_back=_flag(row, which, "held_back"),
    )


def _flag(row: Mapping[str, object], which: str, key: str) -> bool:
    value = row.get(key, False)
    if not isinstance(value, bool):
        raise VantageError(f"{which}: {key} is neither true nor false.")
    return value


def _resolver(row: Mapping[str, object], which: str) -> tuple[str, int] | None:
    value = row.get("resolver")
    if value is None:
        return None
    found = _RESOLVER.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is not None and int(found[2] or _DNS_PORT) < 65_536:
            return str(ip_address(found[1].strip("[]"))), int(found[2] or _DNS_PORT)
    except ValueError:
        pass
    raise VantageError(f"{which}: resolver is not the IP address of a name server, with or without :port.")


def _search(row: Mapping[str, object], which: str) -> str | None:
    value = row.get("search")
    if value is None:
        return None
    if not isinstance(value, str) or not _SEARCH.fullmatch(value) or value.count(LOCATION_HERE) != 1:
        raise VantageError(f"{which}: search is not an http address with {LOCATION_HERE} in it once.")
    return value


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
