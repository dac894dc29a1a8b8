"""A replica gives its feed to others: the pages that it has as the centre signed them, all others passed on.

A head is good for an hour, so a follower that begins at the first line needs fresh ones: those are asked from the feed and
passed on as they come. Whoever keeps up is answered from here, and the centre sees one follower instead of many.
"""

import hashlib
import hmac
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from unseen.feed.page import PAGE_TYPE
from unseen.feed.refusals import PageRefused
from unseen.replica.ask import KEY_HEADER, PATH
from unseen.replica.clock import Clock
from unseen.replica.errors import AskFailed, ReplicaError
from unseen.replica.follow import Asks
from unseen.replica.heads import newest_from
from unseen.replica.lines_file import raw_lines
from unseen.replica.state import read_state

_LEFT_S_MIN = 60  # a head that expires on its way helps nobody
_AFTER = re.compile(r"\d{1,12}")


class Mirror:
    """Answers what a centre would, from a replica's folder. `asks` reaches the feed, for pages that are not here."""

    def __init__(self, folder: Path, asks: Asks, clock: Clock) -> None:
        self._folder = folder
        self._asks = asks
        self._clock = clock
        self._passed_on = 0  # when the newest head was issued that was passed on
        self._one_at_a_time = threading.Lock()

    def page(self, after: int, fresh: bool) -> bytes:
        """The page from line `after`. Raises AskFailed, PageRefused where the feed has none, ReplicaError, OSError.

        Nobody is shown an older head than one that was passed on: followers refuse what goes back in time.
        """
        state, head = read_state(self._folder), newest_from(self._folder, after)
        now = self._clock()
        if (
            head is None
            or fresh
            or head.size > state.size
            or head.expires < now.now + _LEFT_S_MIN
            or head.issued < self._passed_on
        ):
            page = self._asks.page(after, now.wall_s, fresh)
            with self._one_at_a_time:
                self._passed_on = max(self._passed_on, now.now)
            return page
        return head.raw + raw_lines(self._folder, head.start, head.size)


class MirrorServer(ThreadingHTTPServer):
    """`GET /exchange/v1/page?after=N` of a mirror, to whoever has the key (or to all, where there is none)."""

    daemon_threads = True

    def __init__(self, place: tuple[str, int], mirror: Mirror, key: str | None) -> None:
        """OSError where the port is taken."""
        self.mirror = mirror
        self.key_digest = hashlib.sha256(key.encode()).digest() if key else None
        super().__init__(place, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "unseen", ""
    timeout = 30  # seconds in which a request must come
    server: MirrorServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        after = parse_qs(parts.query).get("after", [""])[0]
        if not self._is_known():
            self._say(401, "the key is missing or unknown")
        elif parts.path != PATH:
            self._say(404, "there is only /exchange/v1/page")
        elif not _AFTER.fullmatch(after):
            self._say(400, "after must be the number of a line")
        else:
            self._give(int(after), "no-cache" in self.headers.get("Cache-Control", ""))

    def _give(self, after: int, fresh: bool) -> None:
        try:
            page = self.server.mirror.page(after, fresh)
        except PageRefused:
            self._say(409, "the feed has fewer lines than that")
        except (AskFailed, ReplicaError, OSError) as trouble:
            self._say(
                503,
                f"the page is not here, and the feed gave none ({type(trouble).__name__}): ask again later",
            )
        else:
            self._answer(200, PAGE_TYPE, page)

    def _is_known(self) -> bool:
        wanted = self.server.key_digest
        given = hashlib.sha256(self.headers.get(KEY_HEADER, "").encode("latin-1")).digest()
        return wanted is None or hmac.compare_digest(wanted, given)

    def _say(self, status: int, words: str) -> None:
        self._answer(status, "text/plain; charset=utf-8", words.encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """What peers ask is nobody's business."""
