"""A real HTTP server on loopback whose answers each test writes itself."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from typing import Any

from unseen.fetch.addresses import Address
from unseen.fetch.fetcher import Fetcher, FetchLimits
from unseen.fetch.locations import Location, parse_location
from unseen.fetch.resolver import NameNotFound
from unseen.fetch.vantage import Vantage

LOOPBACK = (ip_network("127.0.0.0/8"),)
OFFICE = Vantage("office", "KR", "127.9.0.1", None, "Unseen/0.1", own_address=True)
BERLIN = Vantage("berlin", "DE", "127.9.0.3", None, "Mozilla/5.0 (X11; Linux x86_64)")
ANYWHERE = Vantage("anywhere", "KR", None, None, "Unseen/0.1")

Answer = Callable[["Handler"], None]


@dataclass
class Names:
    """A resolver with a fixed table that counts what it was asked."""

    table: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    def resolve(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        self.asked.append(host)
        if host not in self.table:
            raise NameNotFound("the name has no address")
        return tuple(ip_address(text) for text in self.table[host])


@dataclass
class Site:
    """A running server: its port, its answers by path, and what it was asked."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, str, str, dict[str, str], bytes]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)

    def at(self, path: str, host: str = "site.test") -> Location:
        return parse_location(f"http://{host}:{self.port}{path}", ports=frozenset({self.port}))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    site: Site

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(body)), **names}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        asked = (self.command, self.path, self.client_address[0], dict(self.headers), self.rfile.read(length))
        self.site.requests.append(asked)
        self.site.connections.add(self.client_address)
        self.site.answers.get(self.path.partition("?")[0], missing)(self)

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_: Any) -> None:
        """Tests print nothing."""


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle is what some tests are about."""


def missing(handler: Handler) -> None:
    handler.answer(404, b"not here", Content_Type="text/plain")


@contextmanager
def running_site() -> Iterator[Site]:
    class BoundHandler(Handler):
        pass

    server = QuietServer(("127.1.0.7", 0), BoundHandler)
    BoundHandler.site = site = Site(server.server_address[1])
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def fetcher_for(site: Site, limits: FetchLimits | None = None, **names: list[str]) -> Fetcher:
    table = {"site.test": ["127.1.0.7"], **{name.replace("_", "."): rows for name, rows in names.items()}}
    return Fetcher(
        Names(table),
        allow_networks=LOOPBACK,
        ports=frozenset({80, 443, site.port}),
        limits=limits or FetchLimits(connect_s=2, read_s=2, total_s=5),
    )
