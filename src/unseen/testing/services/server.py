"""What the services share: a server on loopback that hands each request to one function."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ADDRESS = "127.1.0.9"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; header names in small letters."""

    method: str
    path: str  # with its query
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


@contextmanager
def serving(answer: Callable[[Asked], Answer]) -> Iterator[int]:
    """The port on ADDRESS, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            given = answer(Asked(self.command, self.path, headers, body))
            self.send_response(given.status)
            self.send_header("Content-Type", given.content_type)
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body)

        do_GET = do_POST = do_PUT = do_DELETE = _do  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer((ADDRESS, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def stand(port: int) -> None:
    """Say where it is, and serve until the process is ended."""
    sys.stderr.write(f"http://{ADDRESS}:{port}\n")
    threading.Event().wait()
