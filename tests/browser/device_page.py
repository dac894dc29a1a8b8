"""A page that fulfils the contract of `browser/`, served on this machine with the strict policy of the door."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from unseen import web

BUNDLE = Path(web.__file__).parent / "static" / "web" / "device"
MISSING = "the bundle is not built: make browser"
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


class Handler(SimpleHTTPRequestHandler):
    """The page at /, the bundle below /device/; whatever is posted is kept."""

    def __init__(self, *arguments, posted: list[bytes]) -> None:  # type: ignore[no-untyped-def]  # as its base
        self.posted = posted
        super().__init__(*arguments, directory=str(BUNDLE))

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(PAGE)
        else:
            self.path = urlsplit(self.path).path.removeprefix("/device")
            super().do_GET()

    def do_POST(self) -> None:
        self.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(b"<!doctype html><title>Thanks</title><p id=taken>Taken.")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # named by its base
        return


@contextmanager
def served() -> Iterator[tuple[str, list[bytes]]]:
    """The page's address and the bodies that were posted to it."""
    posted: list[bytes] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, posted=posted)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", posted
        finally:
            server.shutdown()
