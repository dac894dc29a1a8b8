"""Hostile texts, generated from pieces that have broken mail and HTTP software before. The same every time."""

from collections.abc import Iterator
from random import Random

COUNT = 320
_PIECES = (
    "\r\n", "\n", "\r", "\x00", "\n\n", "\r\n\r\n", "\r\n.\r\n", "\n.\n", "\n.\r\n", "\r.\r", "\x0b", "\x0c", "\x1c",
    "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\t", " ", "\r\n ", "\r\n\t",
    "Bcc: eve@evil.test", "RCPT TO:<eve@evil.test>", "DATA", "QUIT", "X-Evil: 1", "Content-Length: 0",
    "Transfer-Encoding: chunked", "GET /evil HTTP/1.1", "Host: evil.test", "MAIL FROM:<eve@evil.test>",
    "=?utf-8?q?=0d=0aBcc:_eve@evil.test?=", "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLnRlc3Q=?=", "=?utf-8?q?=00?=",
    "=?iso-2022-kr?q?x?=", "=0D=0ABcc: eve@evil.test", "%0d%0aBcc:%20eve@evil.test", "\\r\\nBcc: eve@evil.test",
    "<eve@evil.test>", ", eve@evil.test", "; eve@evil.test", "> NOTIFY=SUCCESS ORCPT=rfc822;eve@evil.test",
    '"eve', "eve@evil.test (", "@evil.test:", "한국어 신고", "\u202eevil", "\U0001f512", "\ufeff", "e\u0301" * 40,
    "\ud800", "\x7f", "\x1b[31m", "嘊嘍", "A" * 997, "A" * 5_000, "é" * 3_000, "-- end --", '{"a": 1}', '","good_faith":',
)  # fmt: skip


def payloads(before: str = "", after: str = "") -> Iterator[str]:
    """COUNT texts: each piece by itself, then mixtures of two to six of them around an honest value."""
    random = Random(20_261_123)  # noqa: S311 - repeatable, not secret
    for number in range(COUNT):
        if number < len(_PIECES):
            pieces = [_PIECES[number]]
        else:
            pieces = random.choices(_PIECES, k=random.randint(2, 6))
        where = random.choice(("end", "start", "middle", "alone"))
        text = "".join(pieces)
        yield {
            "end": before + after + text,
            "start": text + before + after,
            "middle": before + text + after,
            "alone": text,
        }[where]
