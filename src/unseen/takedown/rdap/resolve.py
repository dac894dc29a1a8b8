"""From a location to the network that serves it and the registrar of its name, and to whom both listen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address

from unseen.fetch.addresses import Address
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.locations import LocationError, parse_location
from unseen.fetch.resolver import NameNotFound
from unseen.fetch.resolver import Resolver as Names
from unseen.fetch.vantage import Vantage
from unseen.takedown.directory.directory import host_of, site_of
from unseen.takedown.rdap.answers import (
    ANSWER_SIZE_BYTES_MAX,
    NOBODY,
    BadAnswer,
    Contact,
    RdapAnswer,
    read_answer,
)
from unseen.takedown.rdap.bootstrap import Bootstrap

_DNS_TIMEOUT_S = 8.0
_ADDRESSES_MAX = 4  # two of each kind tell whose network it is
_SERVICES_MAX = 2


@dataclass(frozen=True, slots=True)
class Resolved:
    """What DNS and RDAP said about a site on one day. `troubles` are sentences about what stayed unknown."""

    site: str
    resolved_on: date
    addresses: tuple[str, ...] = ()
    network: str = ""
    network_country: str = ""
    network_holder: str = ""
    network_abuse: Contact = NOBODY
    registrar: str = ""
    registrar_abuse: Contact = NOBODY
    troubles: tuple[str, ...] = ()


@dataclass
class Resolver:
    """Asks the name servers and the registries."""

    fetcher: Fetcher
    names: Names
    vantage: Vantage
    bootstrap: Bootstrap
    _troubles: list[str] = field(default_factory=list)

    def resolve(self, location_text: str, today: date) -> Resolved:
        """Everything that can be found out about the site of a location. Raises LocationNotUnderstood."""
        self._troubles = []
        host = host_of(location_text)
        site = site_of(host)
        addresses = self._addresses(host)
        network = self._network(addresses)
        domain = None if addresses and site == str(addresses[0]) else self._domain(site)
        return Resolved(
            site=site,
            resolved_on=today,
            addresses=tuple(str(address) for address in addresses),
            network=network.name if network else "",
            network_country=network.country if network else "",
            network_holder=network.holder.name if network else "",
            network_abuse=network.abuse if network else NOBODY,
            registrar=domain.registrar.name if domain else "",
            registrar_abuse=domain.abuse if domain else NOBODY,
            troubles=tuple(self._troubles),
        )

    def _addresses(self, host: str) -> tuple[Address, ...]:
        try:
            return (_address(host),)
        except ValueError:
            pass
        try:
            return self.names.resolve(host, _DNS_TIMEOUT_S)[:_ADDRESSES_MAX]
        except NameNotFound as error:
            self._troubles.append(f"The name servers: {error}.")
            return ()

    def _network(self, addresses: tuple[Address, ...]) -> RdapAnswer | None:
        for address in addresses:
            answer = self._asked(
                "the network",
                self.bootstrap.for_address(address),
                f"ip/{address}",
                lambda one: bool(one.name),
            )
            if answer is not None:
                return answer
        return None

    def _domain(self, site: str) -> RdapAnswer | None:
        bases = self.bootstrap.for_name(site)
        return self._asked("the name", bases, f"domain/{site}", lambda one: bool(one.registrar or one.abuse))

    def _asked(
        self, what: str, bases: tuple[str, ...], path: str, useful: Callable[[RdapAnswer], bool]
    ) -> RdapAnswer | None:
        """The first useful answer of the registry's services; what went wrong is noted otherwise."""
        if not bases:
            self._troubles.append(f"No registry with RDAP is known for {what}: look it up by hand.")
        for base in bases[:_SERVICES_MAX]:
            answer = self._fetched(f"{base.rstrip('/')}/{path}")
            if isinstance(answer, RdapAnswer) and useful(answer):
                return answer
            why = answer if isinstance(answer, str) else "it says nothing that helps"
            self._troubles.append(f"The registry of {what}: {why}.")
        return None

    def _fetched(self, location_text: str) -> RdapAnswer | str:
        try:
            location = parse_location(location_text, ports=self.fetcher.ports)
        except LocationError as error:
            return f"its address cannot be asked ({error.code})"
        got = self.fetcher.get(location, self.vantage, size_bytes_max=ANSWER_SIZE_BYTES_MAX)
        if isinstance(got, FetchFailure):
            return got.detail
        return _read(got)


def _read(got: Fetched) -> RdapAnswer | str:
    if got.status == 404:
        return "it knows nothing of it"
    if got.status != 200:
        return f"it answered with status {got.status}: try again later"
    try:
        return read_answer(got.body)
    except BadAnswer as error:
        return str(error)


def _address(host: str) -> IPv4Address | IPv6Address:
    return ip_address(host.strip("[]"))
