"""One real server over a bank on the disk: what is withdrawn stops to match, and strange requests do not end it."""

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from unseen.fingerprint import fingerprint_image
from unseen.match_server.limits import BATCH_BYTES_MAX
from unseen.match_server.tests.asking import form
from unseen.matching import Bank

pytestmark = pytest.mark.thorough

STARTS_WITHIN_S = 20.0


class Served:
    """A bank, and the server over it."""

    def __init__(self, folder: Path) -> None:
        self.bank = Bank.open(folder)
        self.rows = np.random.default_rng(5).integers(0, 256, (200, 32), dtype=np.uint8)
        self.bank.add(self.rows, np.arange(1, 201, dtype=np.uint64))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        unseen = Path(sys.executable).with_name("unseen")
        self.process = subprocess.Popen(
            [str(unseen), "match-server", "--bank", str(folder), "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        give_up = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                if self.ask("GET", "/status/live")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start: {self.ended()}")

    def ask(self, method: str, target: str, body: bytes = b"", content_type: str = "") -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request(method, target, body or None, {"Content-Type": content_type} if content_type else {})
            reply = line.getresponse()
            return reply.status, reply.read()
        finally:
            line.close()

    def ended(self) -> str:
        """What it wrote, after it was told to stop."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=20)[0]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("served") / "bank")
    yield made
    told = made.ended()
    assert "hostile" not in told
    assert "Traceback" not in told


def test_a_fingerprint_that_is_withdrawn_does_not_match_at_the_next_question(served: Served) -> None:
    target = f"/m/raw_lookup?signal_type=pdq&signal={served.rows[6].tobytes().hex()}"
    assert json.loads(served.ask("GET", target)[1]) == {"matches": [7]}
    served.bank.remove(np.array([7], np.uint64))
    assert json.loads(served.ask("GET", target)[1]) == {"matches": []}


def test_a_picture_is_fingerprinted_by_the_sandbox_and_looked_up(served: Served) -> None:
    noise = np.random.default_rng(8).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).resize((160, 160)).save(file, "PNG")
    pdq = fingerprint_image(file.getvalue()).pdq
    body, content_type = form(("photo", "hostile.png", file.getvalue()))
    status, told = served.ask("POST", "/h/hash", body, content_type)
    assert (status, json.loads(told)) == (200, {"pdq": pdq})
    served.bank.add(np.frombuffer(bytes.fromhex(pdq), np.uint8).reshape(1, 32), np.array([900], np.uint64))
    found = json.loads(served.ask("POST", "/m/lookup", body, content_type)[1])
    assert found == {"pdq": {"UNSEEN_REVIEW": [{"bank_content_id": 900, "distance": "0"}]}}


def test_a_file_that_is_no_picture_is_refused_in_words(served: Served) -> None:
    body, content_type = form(("photo", "hostile.png", b"hostile"))
    status, told = served.ask("POST", "/h/hash", body, content_type)
    assert status == 400
    assert "hostile" not in json.loads(told)["message"]


def test_a_body_that_is_too_long_is_refused(served: Served) -> None:
    assert served.ask("POST", "/v1/match", bytes(BATCH_BYTES_MAX + 32))[0] == 413


@pytest.mark.parametrize(
    "raw",
    [
        b"hostile\r\n\r\n",
        b"GET /hostile\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nhostile" + b"x" * 500_000,
        b"POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/match HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n",
        b"GET /m/lookup?signal=\xff\xfe%00%zz&signal_type=%0d%0ahostile HTTP/1.1\r\nHost: x\r\n\r\n",
        os.urandom(2_000),
    ],
)
def test_strange_bytes_do_not_end_the_server(served: Served, raw: bytes) -> None:
    answer = b""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line, suppress(OSError):
        line.sendall(raw)  # the server may have hung up already
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(65_536)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert served.ask("GET", "/status")[1] == b"I-AM-ALIVE"
