"""A feed for one case of the kit: it grows as the case says, and can be told to give wrong pages. All of it is drawn."""

import os
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from unseen.feed.lines import LineAction, LineKind, LineOperation, leaves
from unseen.feed.merkle import root_of
from unseen.feed.page import PAGE_TYPE, Head, write_page
from unseen.feed.signing import FeedKey, Signer
from unseen.replica.clock import system_instant

PATH = "/exchange/v1/page"
QUALITY = 100
_KEY_LASTS_S = 30 * 86_400
_HEAD_LASTS_S = 3_600
_ONE_LINE = struct.Struct(">Q16s6BHII")

Instead = Callable[[int], bytes | int]
"""What is sent for the page after this line, instead of it: bytes, or a status of HTTP."""


@dataclass
class KitFeed:
    """The lines, the key that signs, and how pages are made."""

    feed: str = field(default_factory=lambda: os.urandom(16).hex())
    signer: Signer = field(default_factory=Signer.new)
    lines: list[bytes] = field(default_factory=list)
    lease_s: int = 86_400
    lines_a_page: int = 4
    more_keys: list[FeedKey] = field(default_factory=list)
    instead: Instead | None = None
    asked: int = 0  # pages that were asked for

    def add(
        self,
        value: bytes,
        *,
        entry: bytes | None = None,
        kind: LineKind = LineKind.PDQ_IMAGE,
        action: LineAction = LineAction.BLOCK,
        expires: int = 0,
    ) -> str:
        """Append an addition; the hex name of its entry."""
        entry = entry or os.urandom(16)
        quality = 0 if kind is LineKind.SHA256 else QUALITY
        told = (LineOperation.ADD, kind, quality, 2, action, 0, 0, 0, expires)
        self.lines.append(_ONE_LINE.pack(len(self.lines), entry, *told) + os.urandom(16) + value)
        return entry.hex()

    def say(self, operation: LineOperation, entry: str) -> None:
        """Append a withdrawal or a suspension."""
        told = (operation, 0, 0, 0, 0, 0, 0, 0, 0)
        self.lines.append(_ONE_LINE.pack(len(self.lines), bytes.fromhex(entry), *told) + bytes(48))

    def key(self) -> FeedKey:
        """The public half of what signs now."""
        return self.signer.key(system_instant().now + _KEY_LASTS_S)

    def head(self, start: int, size: int) -> Head:
        """What is signed for the lines from `start` to `size`."""
        root = root_of(leaves(b"".join(self.lines[:size]))).hex()
        keys = (self.key(), *self.more_keys)
        now = system_instant().now
        return Head(
            self.feed, start, size, root, len(self.lines), now, now + _HEAD_LASTS_S, self.lease_s, keys
        )

    def page(self, after: int, issued: int = 0) -> bytes:
        """The page that follows line `after`; its head is dated now, or as told."""
        size = min(after + self.lines_a_page, len(self.lines))
        head = self.head(min(after, size), size)
        if issued:
            head = replace(head, issued=issued, expires=issued + _HEAD_LASTS_S)
        return write_page(head, b"".join(self.lines[after:size]), self.signer)

    def invitation(self, address: str) -> dict[str, object]:
        """What a peer is given to begin with."""
        key = self.key()
        return {
            "unseen_invitation": 1,
            "address": address,
            "feed": self.feed,
            "keys": [{"public": key.public.hex(), "until": key.until}],
            "api_key": "unseen_conformance_kit",
        }


@contextmanager
def served(feed: KitFeed, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve it on a free port; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body = _answer(feed, self.path)
            self.send_response(status)
            self.send_header("Content-Type", PAGE_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - named by its base
            return

    with ThreadingHTTPServer((host, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{host}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _answer(feed: KitFeed, target: str) -> tuple[int, bytes]:
    parts = urlsplit(target)
    after = parse_qs(parts.query).get("after", [""])[0]
    if parts.path != PATH or not after.isdecimal():
        return 404, b""
    feed.asked += 1
    given = feed.instead(int(after)) if feed.instead else feed.page(int(after))
    return (given, b"") if isinstance(given, int) else (200, given)
