"""What arrives at the SMTP server carries a DKIM signature that a stranger can check, and no change survives it."""

from pathlib import Path

import dkim
import pytest

from unseen.config.values import SmtpServer
from unseen.takedown.channels.envelope import Delivered, NotDelivered
from unseen.takedown.channels.tests.doors import (
    BY_MAIL,
    DKIM_KEY,
    NOON,
    Door,
    an_envelope,
    door_of,
    mail_channel,
)
from unseen.takedown.channels.tests.raw import ADDRESS, RawSmtp, listening

PUBLIC = "".join(DKIM_KEY.with_suffix(".pub").read_text().splitlines()[1:-1])


def _verifies(raw: bytes) -> bool:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"unseen._domainkey.centre.test."
        return f"v=DKIM1; k=rsa; p={PUBLIC}".encode()

    try:
        return bool(dkim.verify(raw, dnsfunc=dns))
    except dkim.DKIMException:
        return False


def _arrived(door: Door, **changes: object) -> bytes:
    assert isinstance(door.send(door.envelope(**changes)), Delivered)
    (raw,) = door.server.heard
    lines = raw.split(b"\r\n")
    return b"\r\n".join(line[1:] if line.startswith(b"..") else line for line in lines[:-2])


@pytest.fixture
def arrived(tmp_path: Path) -> bytes:
    with door_of("signed", tmp_path) as door:
        return _arrived(door, body="삭제를 요청합니다.\n.\n" + "x" * 3_000 + "\n")


def test_a_stranger_finds_the_signature_right(arrived: bytes) -> None:
    assert arrived.startswith(b"DKIM-Signature: ")
    assert b"d=centre.test;" in arrived
    assert _verifies(arrived)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: [Notice", b"Subject: [Forged"),
        (b"From: notices@", b"From: eve@"),
        (b"\r\nTo: abuse@", b"\r\nTo: eve@"),
        (b"X-Unseen-Notice: ", b"X-Unseen-Notice: 0"),
        (b"\r\nFrom: ", b"\r\nFrom: eve@evil.test\r\nFrom: "),
    ],
)
def test_a_changed_header_or_a_second_sender_breaks_it(arrived: bytes, old: bytes, new: bytes) -> None:
    assert old in arrived
    assert not _verifies(arrived.replace(old, new, 1))


def test_a_changed_body_breaks_it(arrived: bytes) -> None:
    head, _, body = arrived.partition(b"\r\n\r\n")
    assert not _verifies(head + b"\r\n\r\n" + body.replace(b"A", b"B", 1))


@pytest.mark.parametrize(
    "content", [b"", b"-----BEGIN PRIVATE KEY-----\nno key\n-----END PRIVATE KEY-----\n", None]
)
@pytest.mark.parametrize("kind", BY_MAIL)
def test_nothing_goes_out_unsigned_when_the_key_cannot_be_used(
    kind: str, content: bytes | None, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    if content is not None:
        key.write_bytes(content)
    server = RawSmtp()
    with listening(server):
        channel = mail_channel(kind, smtp=SmtpServer(ADDRESS, server.port), dkim_key=key)
        result = channel.send(an_envelope("abuse@prompt.test"), NOON)
    assert isinstance(result, NotDelivered)
    assert result.ours
    assert "UNSEEN_DKIM_KEY" in result.why
    assert server.commands == []
