"""A small feed over HTTP for tests and drills: signed pages of lines in memory, and partitions that cut off a peer."""

import os
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from unseen.feed.lines import (
    LINE_BYTES,
    OPEN_BYTES,
    LineAction,
    LineKind,
    LineOperation,
    commitment_of,
    leaves,
)
from unseen.feed.merkle import Frontier
from unseen.feed.page import LINES_PER_PAGE_MAX, PAGE_TYPE, Head, write_page
from unseen.feed.signing import FeedKey, Signer

_KEY_LASTS_S = 10**8


@dataclass
class LivingFeed:
    """Grows and is read by many threads. `clock`: Unix seconds."""

    clock: Callable[[], float]
    lease_s: int = 86_400
    name: str = field(default_factory=lambda: os.urandom(16).hex())
    signer: Signer = field(default_factory=Signer.new)
    page_lines: int = LINES_PER_PAGE_MAX

    def __post_init__(self) -> None:
        self._raw = bytearray()
        self._leaves: list[bytes] = []
        self._lock = threading.Lock()
        self.key = self.signer.key(int(self.clock()) + _KEY_LASTS_S)

    @property
    def size(self) -> int:
        """Lines so far."""
        return len(self._leaves)

    def add(
        self,
        value: bytes,
        entry: bytes | None = None,
        kind: LineKind = LineKind.PDQ_IMAGE,
        action: LineAction = LineAction.BLOCK,
        expires: int = 0,
        part: int = 0,
        at_ms: int = 0,
    ) -> bytes:
        """Append an addition of level 2; the name of its entry."""
        entry = entry or os.urandom(16)
        told = (LineOperation.ADD, kind, 100, 2, action, 0)
        self._append(entry, told, (part, at_ms, expires), os.urandom(16) + value)
        return entry

    def suspend(self, entry: bytes) -> None:
        """Append a suspension."""
        self._append(entry, (LineOperation.SUSPEND, 0, 0, 0, 0, 0), (0, 0, 0), bytes(48))

    def withdraw(self, entry: bytes) -> None:
        """Append a withdrawal, and erase the values of the entry."""
        with self._lock:
            for at in range(0, len(self._raw), LINE_BYTES):
                line = self._raw[at : at + LINE_BYTES]
                if line[8:24] == entry and line[24] == LineOperation.ADD and any(line[40:56]):
                    commitment = commitment_of(bytes(line[40:56]), bytes(line[56:]))
                    self._raw[at + OPEN_BYTES : at + LINE_BYTES] = bytes(16) + commitment
        self._append(entry, (LineOperation.WITHDRAW, 0, 0, 0, 0, 0), (0, 0, 0), bytes(48))

    def page(self, start: int, size: int | None = None, issued: int | None = None) -> bytes:
        """The page from line `start`, as it is now; to `size` lines where that is given."""
        with self._lock:
            size = min(len(self._leaves), start + self.page_lines) if size is None else size
            raw, whole = bytes(self._raw[start * LINE_BYTES : size * LINE_BYTES]), len(self._leaves)
            root = Frontier().grown(self._leaves[:size]).root().hex()
        now = int(self.clock()) if issued is None else issued
        keys = (FeedKey(self.key.public, self.key.until),)
        head = Head(self.name, start, size, root, whole, now, now + 3_600, self.lease_s, keys)
        return write_page(head, raw, self.signer)

    def _append(self, entry: bytes, told: tuple[int, ...], place: tuple[int, ...], rest: bytes) -> None:
        with self._lock:
            line = struct.pack(">Q16s6BHII", len(self._leaves), entry, *told, *place) + rest
            self._raw += line
            self._leaves += leaves(line)


class FeedServer:
    """Serves a feed on a free port of this machine. Peers are told apart by their X-Unseen-Key."""

    def __init__(self, page: Callable[[int], bytes]) -> None:
        self.cut_off: set[str] = set()  # keys whose requests get no answer
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_GET(self) -> None:
                if self.headers.get("X-Unseen-Key", "") in outer.cut_off:
                    self.close_connection = True
                    return
                after = int(parse_qs(urlsplit(self.path).query)["after"][0])
                body = page(after)
                self.send_response(200)
                self.send_header("Content-Type", PAGE_TYPE)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """A drill asks thousands of times."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No more answers."""
        self._server.shutdown()
        self._server.server_close()
