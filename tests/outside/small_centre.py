"""A centre that is nothing but a feed in memory behind HTTP, so that a test can say anything in it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from unseen.feed.page import PAGE_TYPE
from unseen.feed.tests.feeds import FEED, NOW, SmallFeed

KEY = "unseen_only-for-tests"


@dataclass
class SmallCentre:
    """`feedback` is what peers said; `now` is when heads are signed, in Unix seconds."""

    feed: SmallFeed = field(default_factory=SmallFeed)
    feedback: list[dict[str, str]] = field(default_factory=list)
    now: int | None = None
    address: str = ""
    damage: bytes = b""  # put at the end of every page

    def page(self, after: int) -> bytes:
        now = int(time.time()) if self.now is None else self.now
        return self.feed.page(after, None, now) + self.damage

    def invitation(self, folder: Path) -> Path:
        """The file that a peer gets."""
        key = self.feed.signer.key(NOW + 10**9)
        told = {
            "unseen_invitation": 1,
            "address": self.address,
            "feed": FEED,
            "keys": [{"public": key.public.hex(), "until": key.until}],
            "api_key": KEY,
        }
        path = folder / "invitation.json"
        path.write_text(json.dumps(told))
        return path


@contextmanager
def served() -> Iterator[SmallCentre]:
    centre = SmallCentre()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if self.headers["X-Unseen-Key"] != KEY or asked.path != "/exchange/v1/page":
                return self.answer(401, b"")
            return self.answer(200, centre.page(int(parse_qs(asked.query)["after"][0])))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            centre.feedback.append({"at": self.path, **body})
            self.answer(200, b"{}")

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", PAGE_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    centre.address = f"http://127.0.0.1:{server.server_address[1]}"
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield centre
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
