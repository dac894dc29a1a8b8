"""Asking one name server of our choice for the addresses of a name, over UDP and, for long answers, over TCP.

What a country's resolver says and what another one says may differ: that is how sites are blocked by name.
"""

import time
from ipaddress import ip_address

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
from dns.rdatatype import RdataType

from unseen.fetch.addresses import Address
from unseen.fetch.resolver import NameNotFound

# One lost datagram is ordinary; the question is put again after this long.
_TRY_S = 2.0
_KINDS = (dns.rdatatype.A, dns.rdatatype.AAAA)


class DnsResolver:
    """Asks the server at (`address`, `port`) and nobody else. It remembers nothing: a block is seen when it comes."""

    def __init__(self, address: str, port: int) -> None:
        self._address = address
        self._port = port

    def resolve(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        """All addresses of `host`, IPv4 first. Raises NameNotFound; `no_such_name` when the server said so."""
        ends_at_s = time.monotonic() + timeout_s
        found: dict[Address, None] = {}
        for kind in _KINDS:
            for address in self._ask(host, kind, ends_at_s):
                found[address] = None
        if not found:
            raise NameNotFound("the resolver says that the name has no address", no_such_name=True)
        return tuple(found)

    def _ask(self, host: str, kind: RdataType, ends_at_s: float) -> list[Address]:
        try:
            question = dns.message.make_query(dns.name.from_text(host), kind)
            answer = self._exchange(question, ends_at_s)
            if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                raise NameNotFound(f"the resolver refused the question ({dns.rcode.to_text(answer.rcode())})")
            rows = answer.resolve_chaining().answer
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise NameNotFound(f"the resolver gave no usable answer ({type(error).__name__})") from error
        return [ip_address(row.to_text()) for row in rows or ()]

    def _exchange(self, question: dns.message.Message, ends_at_s: float) -> dns.message.QueryMessage:
        """Until the time is up: a spoofed or broken datagram is passed over, a truncated answer is asked for by TCP."""
        while True:
            left_s = ends_at_s - time.monotonic()
            if left_s <= 0:
                raise NameNotFound("the resolver did not answer in time")
            try:
                answer, _ = dns.query.udp_with_fallback(
                    question,
                    self._address,
                    min(left_s, _TRY_S),
                    self._port,
                    ignore_unexpected=True,
                    ignore_errors=True,
                )
            except dns.exception.Timeout:
                continue
            if not isinstance(answer, dns.message.QueryMessage):
                raise NameNotFound("the resolver's answer was no answer to a question")
            return answer
