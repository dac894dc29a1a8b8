"""Requests carry a key or a signature (RFC 9421), and only bytes of a page that is no longer than a page come back."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519

from unseen.feed.page import PAGE_BYTES_MAX, PAGE_TYPE
from unseen.replica.ask import Asking
from unseen.replica.errors import AskFailed, ReplicaError
from unseen.replica.invitation import read_invitation
from unseen.replica.peer import Peer
from unseen.replica.tests.replicas import NOW

pytestmark = pytest.mark.thorough


class Feed:
    """Answers what it is told to, and keeps what was asked."""

    status, kind, body = 200, PAGE_TYPE, b"page"

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers)))
                self.send_response(outer.status)
                self.send_header("Content-Type", outer.kind)
                if outer.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def feed() -> Iterator[Feed]:
    made = Feed()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_an_invitation_with_a_key_sends_it(feed: Feed) -> None:
    with Asking(Peer(feed.address, "the key of us", None)) as asking:
        assert asking.page(7, NOW) == b"page"
    ((path, headers),) = feed.asked
    assert path == "/exchange/v1/page?after=7"
    assert headers["X-Unseen-Key"] == "the key of us"


def test_with_a_private_key_the_request_is_signed_and_the_other_key_stays_home(
    feed: Feed, tmp_path: Path
) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key").write_bytes(pem)
    with Asking(Peer(feed.address, "unused", str(tmp_path / "key"))) as asking:
        asking.page(7, time.time())
    ((path, headers),) = feed.asked
    assert "X-Unseen-Key" not in headers

    class Known(HTTPSignatureKeyResolver):
        def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key_id))

    class Request:
        method, url = "GET", feed.address + path

        def __init__(self) -> None:
            self.headers = headers

    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=Known())
    covered = ("@method", "@authority", "@path", "@query")
    (result,) = verifier.verify(Request(), max_age=timedelta(seconds=300), require_components=covered)
    assert result.parameters["keyid"] == key.public_key().public_bytes_raw().hex()
    assert len(str(result.parameters["nonce"])) >= 16


@pytest.mark.parametrize(
    ("status", "kind", "body", "why"),
    [
        (500, PAGE_TYPE, b"", "answered 500"),
        (302, PAGE_TYPE, b"", "answered 302"),
        (200, "text/html", b"", "something else"),
        (200, PAGE_TYPE, bytes(PAGE_BYTES_MAX + 1), "more than"),
    ],
)
def test_what_is_no_page_is_named(feed: Feed, status: int, kind: str, body: bytes, why: str) -> None:
    feed.status, feed.kind, feed.body = status, kind, body
    with Asking(Peer(feed.address, None, None)) as asking, pytest.raises(AskFailed, match=why):
        asking.page(0, NOW)
    assert len(feed.asked) == 1


def test_nobody_there_is_named() -> None:
    with (
        Asking(Peer("http://127.0.0.1:9", None, None)) as asking,
        pytest.raises(AskFailed, match="ConnectError"),
    ):
        asking.page(0, NOW)


def test_a_key_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key")
    with pytest.raises(ReplicaError, match="check --key"):
        Asking(Peer("https://feed.test", None, str(tmp_path / "key")))


GOOD = '{"unseen_invitation":1,"address":"https://a.test/x/","feed":"%s","keys":[{"public":"%s","until":9}],"api_key":null}'


def test_an_invitation_is_read() -> None:
    read = read_invitation((GOOD % ("ab" * 16, "cd" * 32)).encode())
    assert (read.address, read.feed, read.keys[0].until) == ("https://a.test/x", "ab" * 16, 9)
    assert read_invitation(read.text().encode()) == read


@pytest.mark.parametrize(
    "changed",
    [
        ("https://a.test", "http://a.test"),
        ("https://a.test", "file://a.test"),
        ("https://a.test", "https://me@a.test"),
        ('"unseen_invitation":1', '"unseen_invitation":2'),
        ("abab", "zzzz"),
        ("cdcd", "cd"),
        ('"until":9', '"until":"9"'),
        ('"api_key":null', '"api_key":"two\\nlines of it"'),
    ],
)
def test_an_invitation_that_cannot_work_is_named(changed: tuple[str, str]) -> None:
    with pytest.raises(ReplicaError, match="ask the centre for a new one"):
        read_invitation((GOOD % ("ab" * 16, "cd" * 32)).replace(*changed, 1).encode())
