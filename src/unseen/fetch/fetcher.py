"""The guarded fetcher: the only way in which Unseen asks the web for anything.

It stands on httpcore2, the connection layer of httpx2: that layer takes the guarded network as a public argument,
reads no proxy from the environment, keeps no cookies and follows no redirect by itself.
"""

import json
import logging
import re
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Self

import httpcore2

from unseen.fetch.addresses import Address, Network
from unseen.fetch.answers import FailureCode, Fetched, FetchFailure, Headers, Hop, read_headers
from unseen.fetch.body import BodyError, read_body
from unseen.fetch.dns_client import DnsResolver
from unseen.fetch.guard import Call, Calls, Guard, GuardedBackend, GuardError, Way
from unseen.fetch.locations import DEFAULT_PORTS, Location, LocationError, join
from unseen.fetch.resolver import Resolver
from unseen.fetch.vantage import Vantage

Accept = Literal["page", "media"]
HeaderList = list[tuple[bytes, bytes]]

REDIRECTS_MAX = 5  # real sites need two or three; browsers stop at 20
_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT: Mapping[Accept, tuple[bytes, bytes]] = {
    "page": (b"text/html,application/xhtml+xml;q=0.9,*/*;q=0.5", b"gzip, deflate"),
    "media": (b"image/avif,image/webp,image/*,video/*,*/*;q=0.5", b"identity"),
}
_JSON = "application/json"
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\x20-\x7e]{0,4000}")
_OWN_HEADERS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection"})

Trouble = (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, httpcore2.ProxyError)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits of one fetch. A slow host may not hold a worker longer than `total_s`."""

    connect_s: float = 8.0
    read_s: float = 15.0
    total_s: float = 40.0
    page_size_bytes_max: int = 4_000_000  # the largest home pages seen are near 2 MB of HTML
    media_size_bytes_max: int = 200_000_000  # a long clip at web quality; the file is held in memory
    answer_size_bytes_max: int = 1_000_000  # a machine's answer to a notice is a few hundred bytes
    connections_max: int = 64
    kept_alive_s: float = 30.0


@dataclass(frozen=True, slots=True)
class _Ask:
    """What one fetch asks for, the same at every hop."""

    vantage: Vantage
    headers: HeaderList
    size_bytes_max: int
    method: str = "GET"
    content: bytes = b""
    only: tuple[str, Address] | None = None  # ask this host at this address and at no other


class Fetcher:
    """Fetches locations through a guard. Safe to share between threads; `close()` frees its connections.

    `allow_networks` are fetched although they are not public (demo and tests only); `deny_networks` are never
    fetched although they are public (our own addresses); `ports` are the ports that redirects may name too.
    """

    def __init__(
        self,
        resolver: Resolver,
        *,
        allow_networks: Sequence[Network] = (),
        deny_networks: Sequence[Network] = (),
        ports: frozenset[int] = DEFAULT_PORTS,
        limits: FetchLimits = FetchLimits(),
    ) -> None:
        self.ports = ports
        self.limits = limits
        self._resolver = resolver
        self._guard = Guard(allow_networks, deny_networks)
        self._calls = Calls()
        self._tls = _trusted_authorities()
        self._pools: dict[tuple[Vantage, tuple[str, Address] | None], httpcore2.ConnectionPool] = {}
        self._lock = threading.Lock()
        # At DEBUG the library below writes every location into the log.
        logging.getLogger("httpcore2").setLevel(logging.WARNING)

    def get(
        self,
        location: Location,
        vantage: Vantage,
        *,
        accept: Accept = "page",
        size_bytes_max: int | None = None,
        only_at: Address | None = None,
    ) -> Fetched | FetchFailure:
        """GET `location` as `vantage`, following at most five redirects, each checked like the first place.

        `only_at`: one of the host's `addresses`, to ask for what that one serves.
        """
        kinds, packing = _ACCEPT[accept]
        limits = self.limits
        default = limits.page_size_bytes_max if accept == "page" else limits.media_size_bytes_max
        headers = [(b"Accept", kinds), (b"Accept-Encoding", packing), (b"Accept-Language", b"ko,en;q=0.8")]
        only = (location.host, only_at) if only_at is not None else None
        ask = _Ask(vantage, headers, default if size_bytes_max is None else size_bytes_max, only=only)
        call = Call(time.monotonic() + limits.total_s)
        chain: tuple[Hop, ...] = ()
        while True:
            answer = self._once(location, ask, call, chain)
            if isinstance(answer, FetchFailure):
                return answer
            target = answer.headers.redirect_to
            if answer.status not in _REDIRECTS or not target:
                return answer
            chain = (*chain, Hop(location, answer.status))
            if len(chain) > REDIRECTS_MAX:
                return _failed(FailureCode.BAD_REDIRECT, "more than five redirects", location, chain, call)
            try:
                location = join(location, target, ports=self.ports)
            except LocationError as error:
                detail = f"redirected to a place that is not fetched ({error.code})"
                return _failed(FailureCode.BAD_REDIRECT, detail, location, chain, call, answer.status)

    def addresses(self, location: Location, vantage: Vantage) -> tuple[Address, ...]:
        """The addresses that serve this place, as the vantage's resolver tells them; none when any may not be fetched."""
        try:
            return self._guard.addresses(location.host, self._names(vantage), self.limits.connect_s)
        except GuardError:
            return ()

    def post_json(
        self, location: Location, vantage: Vantage, payload: object, headers: Mapping[str, str]
    ) -> Fetched | FetchFailure:
        """POST `payload` as JSON once; never repeated, and no redirect is followed.

        `headers` are sent as given, so a name or value that could smuggle in a further header is refused.
        """
        content = json.dumps(payload, ensure_ascii=False).encode()
        return self.send("POST", location, vantage, content, _JSON, headers)

    def send(
        self,
        method: Literal["GET", "POST", "PUT", "DELETE"],
        location: Location,
        vantage: Vantage,
        content: bytes,
        content_type: str,
        headers: Mapping[str, str],
        *,
        size_bytes_max: int | None = None,
    ) -> Fetched | FetchFailure:
        """Ask a machine, with these headers. Only a GET may be repeated, and no redirect is followed."""
        call = Call(time.monotonic() + self.limits.total_s)
        for name, value in headers.items():
            if not _TOKEN.fullmatch(name) or name.lower() in _OWN_HEADERS or not _VALUE.fullmatch(value):
                return _failed(
                    FailureCode.PROTOCOL, "a header that cannot be sent safely", location, (), call
                )
        own = [(b"Accept", content_type.encode()), (b"Accept-Encoding", b"identity")]
        if method != "GET":
            own += [(b"Content-Type", content_type.encode()), (b"Content-Length", str(len(content)).encode())]
        own += [(name.encode(), value.encode()) for name, value in headers.items()]
        most = self.limits.answer_size_bytes_max if size_bytes_max is None else size_bytes_max
        answer = self._once(location, _Ask(vantage, own, most, method, content), call, ())
        if isinstance(answer, Fetched) and answer.status in _REDIRECTS:
            detail = "the answer to a notice was a redirect"
            return _failed(FailureCode.BAD_REDIRECT, detail, location, (), call, answer.status)
        return answer

    def close(self) -> None:
        """Close every kept connection."""
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _once(
        self, location: Location, ask: _Ask, call: Call, chain: tuple[Hop, ...]
    ) -> Fetched | FetchFailure:
        """One request and its answer, without following anything."""
        if location.port not in self.ports:
            return _failed(FailureCode.REFUSED_ADDRESS, "the port is not allowed", location, chain, call)
        call.connected = call.sent = False
        try:
            try:
                return self._exchange(location, ask, call, chain)
            except (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError):
                # A kept connection may have been closed by the host just now; a GET may be asked again.
                if call.connected or ask.method != "GET":
                    raise
                return self._exchange(location, ask, call, chain)
        except Trouble as error:
            return _failed(*_reason(error), location, chain, call)

    def _exchange(
        self, location: Location, ask: _Ask, call: Call, chain: tuple[Hop, ...]
    ) -> Fetched | FetchFailure:
        self._calls.now = call
        began_s = time.monotonic()
        request = httpcore2.Request(
            ask.method,
            httpcore2.URL(
                scheme=location.scheme, host=location.host, port=location.port, target=location.target
            ),
            headers=[
                (b"Host", location.authority.encode()),
                (b"User-Agent", ask.vantage.user_agent.encode()),
                *ask.headers,
            ],
            content=ask.content or None,
            extensions={"timeout": self._timeouts()},
        )
        response = self._pool(ask.vantage, ask.only).handle_request(request)
        try:
            headers = read_headers(response.headers)
            body = self._read(response, headers, ask)
        except BodyError as error:
            code = FailureCode.TOO_LARGE if error.too_large else FailureCode.PROTOCOL
            return _failed(code, error.detail, location, chain, call, response.status)
        except Trouble as error:
            code, detail = _reason(error)
            return _failed(code, detail, location, chain, call, response.status)
        finally:
            response.close()
        return Fetched(location, response.status, chain, headers, body, time.monotonic() - began_s)

    def _read(self, response: httpcore2.Response, headers: Headers, ask: _Ask) -> bytes:
        if ask.method == "GET" and response.status in _REDIRECTS and headers.redirect_to:
            return b""  # the body of a redirect is never used
        if headers.content_length is not None and headers.content_length > ask.size_bytes_max:
            raise BodyError(f"the body is larger than {ask.size_bytes_max} bytes", too_large=True)
        return read_body(response.iter_stream(), headers.content_encoding, ask.size_bytes_max)

    def _timeouts(self) -> dict[str, float]:
        limits = self.limits
        return {
            "connect": limits.connect_s,
            "read": limits.read_s,
            "write": limits.read_s,
            "pool": limits.total_s,
        }

    def _names(self, vantage: Vantage) -> Resolver:
        """The vantage's own resolver, or the centre's."""
        return DnsResolver(*vantage.resolver) if vantage.resolver is not None else self._resolver

    def _pool(self, vantage: Vantage, only: tuple[str, Address] | None = None) -> httpcore2.ConnectionPool:
        with self._lock:
            pool = self._pools.get((vantage, only))
            if pool is None:
                pool = self._pools[vantage, only] = self._new_pool(vantage, only)
            return pool

    def _new_pool(self, vantage: Vantage, only: tuple[str, Address] | None) -> httpcore2.ConnectionPool:
        way = Way(self._names(vantage), vantage.proxy_endpoint, only)
        # A kept connection asks no resolver: a vantage that is there for its resolver connects anew each time.
        kept = self.limits.connections_max if vantage.resolver is None else 0
        return httpcore2.ConnectionPool(
            ssl_context=self._tls,
            max_connections=self.limits.connections_max,
            max_keepalive_connections=kept,
            keepalive_expiry=self.limits.kept_alive_s,
            local_address=vantage.source_address,
            network_backend=GuardedBackend(self._guard, self._calls, way),
        )


@cache
def _trusted_authorities() -> ssl.SSLContext:
    """The machine's certificate authorities; reading them takes some 20 ms, so they are read once."""
    return ssl.create_default_context()


def _failed(
    code: FailureCode,
    detail: str,
    location: Location,
    chain: tuple[Hop, ...],
    call: Call,
    status: int | None = None,
) -> FetchFailure:
    return FetchFailure(code, detail, location, chain, status, call.sent)


def _reason(error: Exception) -> tuple[FailureCode, str]:
    if isinstance(error, GuardError):
        return error.code, error.detail
    if isinstance(error, httpcore2.TimeoutException):
        return FailureCode.TIMEOUT, "the host did not answer in time"
    if isinstance(error, httpcore2.ConnectError | httpcore2.ProxyError):
        return FailureCode.CONNECT, "no connection could be made"
    if isinstance(error, httpcore2.LocalProtocolError):
        return FailureCode.PROTOCOL, "the request could not be written"
    return FailureCode.PROTOCOL, "the host broke off or did not speak HTTP"
