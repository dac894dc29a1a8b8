"""A page that fulfils the contract of `browser/`, served on this machine with the strict policy of the door."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from unseen import web

BUILT = Path(web.__file__).parent / "static" / "web" / "device"
MISSING = "the script is not built: make browser"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
    "media-src blob:; form-action 'self'; base-uri 'none'"
)
PAGE = b"""<!doctype html><html lang=en><title>Files</title><form data-fingerprint method=post action=/report>
<template data-words>{"ready_one": "One is ready."}</template>
<label>Files <input type=file multiple data-files name=planted></label>
<progress data-progress max=1></progress><output data-status></output>
<button type=button data-cancel>Stop</button>
<input type=hidden name=materials><input type=hidden name=step value=files>
<button type=submit disabled>Next</button></form><script type=module src=/device/door.js></script></html>"""


@dataclass
class Wire:
    """What a browser sent to `address`, or through it as its proxy: every byte, and the bodies that were posted."""

    address: str = ""
    sent: list[bytes] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)


class Recorded(BufferedIOBase):
    """A connection's incoming bytes, each kept as it is read."""

    def __init__(self, source: BufferedIOBase, sent: list[bytes]) -> None:
        self._source = source
        self._sent = sent

    def read(self, size: int | None = -1) -> bytes:
        return self._kept(self._source.read(size))

    def readline(self, size: int | None = -1) -> bytes:
        return self._kept(self._source.readline(size))

    def _kept(self, data: bytes) -> bytes:
        self._sent.append(data)
        return data


class Handler(SimpleHTTPRequestHandler):
    """The page at /, the built script below /device/. As a proxy it knows only itself: every other host is refused, and recorded."""

    protocol_version = "HTTP/1.1"
    wire: Wire

    def setup(self) -> None:
        super().setup()
        self.rfile = Recorded(self.rfile, self.wire.sent)

    def do_GET(self) -> None:
        if self._is_elsewhere():
            return
        self.path = urlsplit(self.path).path
        if self.path == "/":
            self._answer(PAGE)
        else:
            self.path = self.path.removeprefix("/device")
            super().do_GET()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_elsewhere():
            self.wire.posted.append(body)
            self._answer(b"<!doctype html><title>Thanks</title><p id=taken>Taken.")

    def do_CONNECT(self) -> None:
        self.send_error(403)

    def _is_elsewhere(self) -> bool:
        elsewhere = self.path.startswith("http") and not self.path.startswith(self.wire.address)
        if elsewhere:
            self.send_error(403)
        return elsewhere

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")  # as the door; a worker needs it too
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # named by its base
        return


@contextmanager
def served() -> Iterator[Wire]:
    wire = Wire()
    handler = type("WiredHandler", (Handler,), {"wire": wire})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(BUILT))) as server:
        wire.address = f"http://127.0.0.1:{server.server_port}/"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield wire
        finally:
            server.shutdown()
