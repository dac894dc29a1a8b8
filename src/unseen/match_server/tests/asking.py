"""A small source of fingerprints, and requests to the application as the server would bring them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from unseen.domain.limits import RADIUS_BITS
from unseen.feed.lines import LineAction
from unseen.fingerprint import ImageFingerprint
from unseen.match_server.rsgi import Application, Headers
from unseen.match_server.service import Service
from unseen.match_server.source import Facts, Following, Found, Lease
from unseen.matching import BankError

ONES = "f" * 64
NEAR_ONES = "f" * 63 + "e"
ZEROS = "0" * 64
NOW = 1_800_000_000


class SmallSource:
    """ONES is to be blocked, NEAR_ONES to be reviewed; compared one by one."""

    def __init__(self, lease: Lease | None = None) -> None:
        self.held = lease or Lease(True, NOW + 3_600)
        self.state = Facts(2, Following(NOW - 10, "following", 0, 0))
        self.rows = np.stack([_row(ONES), _row(NEAR_ONES)])
        self.actions = np.array([LineAction.BLOCK, LineAction.REVIEW], np.uint8)
        self.contents = np.array([1, 2], np.uint64)
        self.damaged = False

    def find(self, queries: NDArray[np.uint8]) -> Found:
        bits = np.bitwise_count(queries[:, None] ^ self.rows[None]).sum(axis=2).astype(np.uint16)
        query, row = np.nonzero(bits <= RADIUS_BITS)
        entries = np.frombuffer(bytes(range(32)), "V16")
        actions = self.actions if self.held.may_act else np.full(2, LineAction.REVIEW, np.uint8)
        return Found(
            query,
            self.contents[row],
            bits[query, row],
            actions[row],
            np.full(len(row), 2, np.uint8),
            entries[row],
        )

    def lease(self) -> Lease:
        self.facts()
        return self.held

    def facts(self) -> Facts:
        if self.damaged:
            raise BankError("a file of the bank is damaged")
        return self.state


def made_up_fingerprint(content: bytes) -> ImageFingerprint:
    """Of a picture that shows ONES; an empty file shows nothing clear."""
    return ImageFingerprint(64, 64, ZEROS, ONES, 100 if content else 10)


def service(source: SmallSource | None = None) -> Service:
    """Over a small source, with made-up fingerprints of uploads."""
    return Service(source or SmallSource(), lambda: NOW, made_up_fingerprint)


@dataclass
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def type(self) -> str:
        return dict(self.headers)["content-type"]


@dataclass
class FakeScope:
    method: str
    path: str
    query_string: str = ""
    headers: Headers = field(default_factory=dict[str, str])
    proto: str = "http"


class FakeExchange:
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self.read = 0
        self.reply: Reply | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.read += len(piece)
            yield piece

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.reply = Reply(status, headers, body)


def asked(
    of: Service,
    method: str,
    target: str,
    body: bytes | list[bytes] = b"",
    content_type: str = "",
    length: str = "",
) -> Reply:
    """The reply to one request. `length`: what the caller says of its body, where it says anything."""
    path, _, query = target.partition("?")
    headers = {"content-type": content_type} | ({"content-length": length} if length else {})
    exchange = FakeExchange(body if isinstance(body, list) else [body])
    asyncio.run(Application(of)(FakeScope(method, path, query, headers), exchange))
    assert exchange.reply is not None
    return exchange.reply


def form(*parts: tuple[str, str | None, bytes], boundary: str = "b0undary") -> tuple[bytes, str]:
    """Body and content type of a form. A part: field, file name or None, content."""
    pieces = []
    for name, file_name, content in parts:
        file = "" if file_name is None else f'; filename="{file_name}"'
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        pieces.append(head.encode() + content + b"\r\n")
    return b"".join(pieces) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _row(pdq: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(pdq), np.uint8)
