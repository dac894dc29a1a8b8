"""Which RDAP service answers for a name or an address: the IANA registries of RFC 9224, as files."""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from unseen.fetch.addresses import Address, Network

SHIPPED = Path(__file__).parents[1] / "directory" / "bootstrap"


class BadBootstrap(ValueError):
    """A bootstrap file that cannot be read; the message names it and the cure."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The services by top-level name and by network, and the day on which they were written down."""

    names: Mapping[str, tuple[str, ...]]
    networks: tuple[tuple[Network, tuple[str, ...]], ...]
    published_on: date

    def for_name(self, name: str) -> tuple[str, ...]:
        """The base locations for a domain name: the entry with the most labels wins (RFC 9224, 4)."""
        labels = name.lower().rstrip(".").split(".")
        for start in range(len(labels)):
            found = self.names.get(".".join(labels[start:]))
            if found:
                return found
        return ()

    def for_address(self, address: Address) -> tuple[str, ...]:
        """The base locations for an IP address: the longest prefix wins (RFC 9224, 5)."""
        best: tuple[int, tuple[str, ...]] = (-1, ())
        for network, bases in self.networks:
            if network.version == address.version and address in network and network.prefixlen > best[0]:
                best = (network.prefixlen, bases)
        return best[1]


def load_bootstrap(folder: Path = SHIPPED) -> Bootstrap:
    """Read dns.json, ipv4.json and ipv6.json. Raises BadBootstrap."""
    names = {key.lower(): bases for key, bases in _services(folder / "dns.json")}
    networks = [
        (_network(folder / file, key), bases)
        for file in ("ipv4.json", "ipv6.json")
        for key, bases in _services(folder / file)
    ]
    return Bootstrap(names, tuple(networks), _published_on(folder / "dns.json"))


def _services(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    services = _table(file).get("services")
    try:
        for keys, bases in services or ():
            # http is for the small internet only: what a registry says must not be changed on the way.
            usable = tuple(base for base in bases if base.startswith(("https://", "http://rdap.test")))
            yield from ((key, usable) for key in keys if usable)
    except (TypeError, ValueError, AttributeError) as error:
        raise BadBootstrap(f"{file}: services is not as RFC 9224 says: take the file from IANA") from error


def _network(file: Path, text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise BadBootstrap(f"{file}: {text!r} is no network: take the file from IANA") from error


def _published_on(file: Path) -> date:
    try:
        return date.fromisoformat(str(_table(file).get("publication"))[:10])
    except ValueError as error:
        raise BadBootstrap(f"{file}: it has no publication date: take the file from IANA") from error


def _table(file: Path) -> dict[str, Any]:
    try:
        table = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadBootstrap(f"{file}: cannot be read ({error}): take the file from IANA") from error
    if not isinstance(table, dict):
        raise BadBootstrap(f"{file}: is not a JSON object: take the file from IANA")
    return table
