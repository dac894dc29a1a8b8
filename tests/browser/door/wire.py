"""The door as `unseen serve` gives it, with its static files, and a page's load counted on the wire."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # named by its base
        return


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def served() -> Iterator[str]:
    """The address of the whole application without its database: nothing is stored before the last page of a report."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@dataclass(frozen=True, slots=True)
class Slowed:
    """A phone on a slow network, as the browser's own tools make one."""

    cpu_times: float
    latency_ms: float
    down_bits_a_second: float
    up_bits_a_second: float


# Lighthouse's "slow 4G" (core/config/constants.js, mobileSlow4G): the network itself, and as Lighthouse has the browser
# apply it, where each request waits as long as the several round trips of a new connection.
_KBIT = 1024
SLOW_4G = Slowed(4, 150, 1.6 * _KBIT * _KBIT, 750 * _KBIT)
SLOW_4G_APPLIED = Slowed(4, 150 * 3.75, 1.6 * _KBIT * _KBIT * 0.9, 750 * _KBIT * 0.9)


@dataclass(frozen=True, slots=True)
class Load:
    """What one page took: bytes of each file with its headers as they came over the wire, and milliseconds."""

    sizes_bytes: Mapping[str, int]
    times_ms: Mapping[str, float]


_TIMES = """() => new Promise((tell) => {
    const ready = () => {
        const way = performance.getEntriesByType("navigation")[0];
        const paint = performance.getEntriesByName("first-contentful-paint")[0];
        if (!paint || !way.loadEventEnd) return setTimeout(ready, 20);
        tell({first_paint: paint.startTime, scripts_ready: way.domContentLoadedEventEnd, loaded: way.loadEventEnd});
    };
    ready();
})"""


def loaded(browser: Browser, address: str, slowed: Slowed | None = None) -> Load:
    """Open a page in a browser that has never seen it."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    paths: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def came(event: dict[str, Any]) -> None:
        sizes[paths[event["requestId"]]] = int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    wire.send("Network.enable")
    if slowed is not None:
        _slow_down(wire, slowed)
    page.goto(address, wait_until="networkidle")
    times: dict[str, float] = page.evaluate(_TIMES)
    context.close()
    return Load(sizes, times)


def _slow_down(wire: Any, slowed: Slowed) -> None:
    wire.send("Emulation.setCPUThrottlingRate", {"rate": slowed.cpu_times})
    network = {
        "offline": False,
        "latency": slowed.latency_ms,
        "downloadThroughput": slowed.down_bits_a_second / 8,
        "uploadThroughput": slowed.up_bits_a_second / 8,
    }
    wire.send("Network.emulateNetworkConditions", network)
