"""The only place that opens a connection to a location's host: resolve once, check every answer, connect to it.

Because the address that was checked is the address that is used, a name that changes its answer between two
look-ups (DNS rebinding) gains nothing.
"""

import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

import httpcore2

from unseen.fetch.addresses import Address, Network, special_purpose
from unseen.fetch.answers import FailureCode
from unseen.fetch.resolver import NameNotFound, Resolver
from unseen.fetch.tunnel import open_tunnel

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
# A name with many dead addresses must not eat the whole time limit.
_ADDRESSES_TRIED_MAX = 3


class GuardError(httpcore2.ConnectError):
    """No connection was made; `code` says why."""

    def __init__(self, code: FailureCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass
class Call:
    """One request under way: when it must end (monotonic clock), and how far it came."""

    ends_at_s: float
    connected: bool = False
    sent: bool = False

    def left(self, timeout_s: float | None) -> float:
        """Seconds that the next step may take. Raises httpcore2.ReadTimeout when the time is up."""
        left_s = self.ends_at_s - time.monotonic()
        if left_s <= 0:
            raise httpcore2.ReadTimeout("the total time limit was reached")
        return left_s if timeout_s is None else min(left_s, timeout_s)


class Calls(threading.local):
    """The call that each thread has under way; the pool below passes no request to the stream."""

    now: Call = Call(ends_at_s=0.0)


class Guard:
    """Decides to which addresses a name may lead."""

    def __init__(self, allow_networks: Sequence[Network], deny_networks: Sequence[Network]) -> None:
        self._allow = tuple(allow_networks)
        self._deny = tuple(deny_networks)

    def addresses(self, host: str, names: Resolver, timeout_s: float) -> tuple[Address, ...]:
        """All addresses of `host` by `names`. Raises GuardError when it has none or when any of them is refused."""
        try:
            found: tuple[Address, ...] = (ip_address(host),)
        except ValueError:
            try:
                found = names.resolve(host, timeout_s)
            except NameNotFound as error:
                code = FailureCode.NO_NAME if error.no_such_name else FailureCode.DNS
                raise GuardError(code, str(error)) from error
        for address in found:
            why = self._refusal(address)
            if why is not None:
                raise GuardError(FailureCode.REFUSED_ADDRESS, f"the host leads to an address that is {why}")
        return found

    def _refusal(self, address: Address) -> str | None:
        if any(address.version == network.version and address in network for network in self._deny):
            return "our own"
        if any(address.version == network.version and address in network for network in self._allow):
            return None
        special = special_purpose(address)
        return f"not public ({special})" if special else None


@dataclass(frozen=True, slots=True)
class Way:
    """How a connection pool gets to a host: which resolver, through which proxy, and to which address of a host only."""

    names: Resolver
    proxy: tuple[str, str, int] | None = None  # scheme, host, port; staff configured it, so it is not checked
    only: tuple[str, Address] | None = None


class GuardedBackend(httpcore2.NetworkBackend):
    """The network of one connection pool."""

    def __init__(self, guard: Guard, calls: Calls, way: Way) -> None:
        self._guard = guard
        self._calls = calls
        self._way = way
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the checked address of `host`. Raises GuardError."""
        call = self._calls.now
        found = self._guard.addresses(host, self._way.names, call.left(timeout))
        if self._way.only is not None and host == self._way.only[0]:
            found = tuple(address for address in found if address == self._way.only[1])
        # A proxy has addresses of its own, of either kind.
        targets = _reachable(found, None if self._way.proxy else local_address)
        trouble: Exception = GuardError(FailureCode.CONNECT, "the host has no address of the vantage's kind")
        for target in targets[:_ADDRESSES_TRIED_MAX]:
            try:
                stream = self._connected(target, port, call.left(timeout), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                trouble = error
                continue
            call.connected = True
            return GuardedStream(stream, self._calls)
        raise trouble

    def _connected(
        self,
        target: Address,
        port: int,
        timeout_s: float,
        local_address: str | None,
        socket_options: Iterable[SocketOption] | None,
    ) -> httpcore2.NetworkStream:
        if self._way.proxy is None:
            return self._sockets.connect_tcp(str(target), port, timeout_s, local_address, socket_options)
        scheme, proxy_host, proxy_port = self._way.proxy
        stream = self._sockets.connect_tcp(proxy_host, proxy_port, timeout_s, local_address, socket_options)
        try:
            open_tunnel(stream, scheme, target, port, timeout_s)
        except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            stream.close()
            raise GuardError(FailureCode.CONNECT, "the proxy made no connection to the host") from error
        return stream


def _reachable(found: Sequence[Address], source: str | None) -> list[Address]:
    if source is None:
        return list(found)
    wants_v4 = isinstance(ip_address(source), IPv4Address)
    return [address for address in found if isinstance(address, IPv4Address) == wants_v4]


class GuardedStream(httpcore2.NetworkStream):
    """A connection whose every step is held to the total time limit of the request that uses it."""

    def __init__(self, inner: httpcore2.NetworkStream, calls: Calls) -> None:
        self._inner = inner
        self._calls = calls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to `max_bytes`; raises httpcore2.ReadTimeout when the request's time is up."""
        return self._inner.read(max_bytes, self._calls.now.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`."""
        call = self._calls.now
        left_s = call.left(timeout)
        call.sent = call.sent or bool(buffer)
        self._inner.write(buffer, left_s)

    def close(self) -> None:
        """Close the socket."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """TLS under the name of the location, never under the address that we connected to."""
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, self._calls.now.left(timeout))
        except httpcore2.ConnectError as error:
            raise GuardError(FailureCode.TLS, "no trusted TLS connection could be made") from error
        return GuardedStream(inner, self._calls)

    def get_extra_info(self, info: str) -> object:
        """What the pool asks about the socket (is it readable, which protocol was agreed)."""
        return self._inner.get_extra_info(info)
