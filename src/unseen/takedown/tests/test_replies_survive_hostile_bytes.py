import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unseen.takedown.replies import (
    IDS_MAX,
    MAIL_SIZE_BYTES_MAX,
    REASON_CHARACTERS_MAX,
    Reply,
    ReplyKind,
    read_reply,
)
from unseen.takedown.tests.test_replies_name_their_notice import report

FRAGMENTS = st.sampled_from(
    [
        b"Content-Type: multipart/report; boundary=b\r\n",
        b'Content-Type: multipart/mixed; boundary="\xff"\r\n',
        b"Content-Type: message/delivery-status\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: text/plain; charset=no-such-charset\r\n",
        b"Content-Type: text/plain; charset*=''%ff\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: uuencode\r\n",
        b"Subject: =?utf-16?b?////?= =?x?q?=00?=\r\n",
        b"Message-ID: <\r\n",
        b"References: <a@b> <<c>>\r\n",
        b"Auto-Submitted: \x00\r\n",
        b"Action: failed\r\n",
        b"Status: 9.9\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"\r\n",
        b"=?",
        b"\xff\xfe\x00",
    ]
)


def well_bounded(reply: Reply) -> None:
    assert reply.kind in ReplyKind
    assert len(reply.words) <= REASON_CHARACTERS_MAX
    assert len(reply.about.message_ids) <= IDS_MAX


@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    well_bounded(read_reply(raw))


@given(st.lists(FRAGMENTS | st.binary(max_size=12), max_size=25))
@settings(max_examples=300)
def test_any_pile_of_broken_mail_parts_is_read(pieces: list[bytes]) -> None:
    reply = read_reply(b"".join(pieces))
    well_bounded(reply)
    assert reply.kind is not ReplyKind.REFUSED


@given(st.integers(0, 900), st.binary(max_size=8))
def test_a_damaged_bounce_is_read(place: int, noise: bytes) -> None:
    raw = report()
    well_bounded(read_reply(raw[:place] + noise + raw[place + len(noise) :]))


@pytest.mark.slow
def test_no_mail_takes_long() -> None:
    size = MAIL_SIZE_BYTES_MAX
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(9_000)
    )
    head = b"Content-Type: text/html\r\n\r\n"
    hostile = [
        nested,
        b"Content-Type: message/rfc822\r\n\r\n" * 9_000,
        head + b"<style" * (size // 6),
        head + b"<" * size,
        b"Subject: " + b"=?utf-8?q?a?= " * (size // 14) + b"\r\n\r\n",
        b"References: " + b"<a@b> " * (size // 6) + b"\r\n\r\n",
        b"a: b\r\n" * (size // 6),
        b"\r\n" + b"on " * (size // 3),
        b"\r\n" + b". " * (size // 2),
        b"\r\n" + b"> \n" * (size // 3),
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * (size // 7),
        b'Content-Type: text/plain; x="' + b"\\" * size,
        b"Content-Type: text/plain" + b"; a=b" * (size // 5),
        b"Content-Type: text/plain" + b"; a*0=b" * (size // 7),
    ]
    slowest = 0.0
    for raw in hostile:
        begun = time.process_time()
        well_bounded(read_reply(raw))
        slowest = max(slowest, time.process_time() - begun)
    assert slowest < 5.0


def test_an_endless_mail_is_cut_before_it_is_read() -> None:
    raw = b"Subject: x\r\n\r\nWe have received your notice.\r\n" + b"x" * (3 * MAIL_SIZE_BYTES_MAX)
    assert read_reply(raw).kind is ReplyKind.ACKNOWLEDGED


def test_a_broken_charset_does_not_make_a_clear_answer_unreadable() -> None:
    for charset in (b"charset*=''%ff", b"charset=no-such", b"charset*=utf-8''a%00b"):
        raw = b"Content-Type: text/plain; " + charset + b"\r\n\r\n\xff We have received your notice.\r\n"
        assert read_reply(raw).kind is ReplyKind.ACKNOWLEDGED
