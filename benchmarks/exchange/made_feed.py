"""A feed of drawn fingerprints on the disk, made before anything is measured, and the process that serves its pages."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from unseen.feed.lines import LINE, LINE_BYTES, LineAction, LineKind, LineOperation, Lines, leaves
from unseen.feed.merkle import Frontier
from unseen.feed.page import LINES_PER_PAGE_MAX, PAGE_TYPE, Head, write_page
from unseen.feed.signing import FeedKey, Signer
from unseen.replica.invitation import Invitation

FEED = "b0" * 16
_PRIVATE = bytes(range(32))  # of a feed that exists for some minutes on this machine
_UNTIL = 2**33
_WITHDRAWN_SHARE = 0.1


def drawn(rng: np.random.Generator, first: int, count: int) -> Lines:
    """Additions of level 2 with random names, salts and values."""
    lines = np.zeros(count, LINE)
    lines["sequence"] = np.arange(first, first + count)
    for column, size in (("entry", 16), ("salt", 16), ("value", 32)):
        lines[column] = rng.integers(0, 256, (count, size), np.uint8).view(f"V{size}").reshape(-1)
    lines["operation"], lines["kind"], lines["quality"] = LineOperation.ADD, LineKind.PDQ_IMAGE, 100
    lines["level"], lines["action"] = 2, LineAction.BLOCK
    return lines


def make(folder: Path, entries: int, delta: int) -> None:
    """Write the lines of the first load and of a day, and the roots after each page."""
    rng = np.random.default_rng(6)
    frontier, roots = Frontier(), []
    with (folder / "made").open("wb") as file:
        for first in range(0, entries, LINES_PER_PAGE_MAX):
            raw = drawn(rng, first, min(LINES_PER_PAGE_MAX, entries - first)).tobytes()
            frontier = frontier.grown(leaves(raw))
            roots.append((frontier.size, frontier.root().hex()))
            file.write(raw)
        file.flush()
        whole = np.memmap(folder / "made", LINE, "r")
        for first in range(entries, entries + delta, LINES_PER_PAGE_MAX):
            lines = drawn(rng, first, min(LINES_PER_PAGE_MAX, entries + delta - first))
            some = rng.choice(len(lines), int(len(lines) * _WITHDRAWN_SHARE), replace=False)
            for column in ("kind", "quality", "level", "action"):
                lines[column][some] = 0
            for column in ("salt", "value"):
                lines[column][some] = np.zeros(len(some), LINE[column])
            lines["operation"][some] = LineOperation.WITHDRAW
            lines["entry"][some] = whole["entry"][rng.choice(entries, len(some), replace=False)]
            raw = lines.tobytes()
            frontier = frontier.grown(leaves(raw))
            roots.append((frontier.size, frontier.root().hex()))
            file.write(raw)
    (folder / "roots.json").write_text(json.dumps(roots))


def invitation(port: int) -> Invitation:
    """To the feed that `serve` serves."""
    return Invitation(f"http://127.0.0.1:{port}", FEED, (Signer(_PRIVATE).key(_UNTIL),), None)


def serve(folder: Path, entries: int) -> None:
    """Serve the first load, and the whole once the file `day` is there. Says its port on a line."""
    signer = Signer(_PRIVATE)
    roots: dict[int, str] = dict(json.loads((folder / "roots.json").read_text()))
    sizes = sorted(roots)
    made = np.memmap(folder / "made", np.uint8, "r")
    keys: tuple[FeedKey, ...] = (signer.key(_UNTIL),)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            start = int(parse_qs(urlsplit(self.path).query)["after"][0])
            log_size = sizes[-1] if (folder / "day").exists() else entries
            size = min(start + LINES_PER_PAGE_MAX, log_size)
            now = int(time.time())
            head = Head(FEED, start, size, roots[size], log_size, now, now + 3_600, 86_400, keys)
            body = write_page(head, made[start * LINE_BYTES : size * LINE_BYTES].tobytes(), signer)
            self.send_response(200)
            self.send_header("Content-Type", PAGE_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Thousands of pages."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
