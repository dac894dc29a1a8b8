"""Security promise P21: whatever stands in a field, the bytes on the wire carry our headers and our one recipient."""

import email
import email.policy
import json
from dataclasses import replace

import pytest

from unseen.takedown.channels.envelope import Delivered, Envelope, NotDelivered
from unseen.takedown.channels.tests.doors import NOON, SENDER, Door, an_envelope
from unseen.takedown.channels.tests.payloads import COUNT, payloads
from unseen.takedown.channels.tests.raw import RawSmtp

pytestmark = pytest.mark.slow  # hundreds of payloads in every field

FIELDS = ("key", "reference", "to", "subject", "body", "laws", "locations", "language")
IN_A_MAIL = ("key", "to", "subject", "body", "language", "reference", "laws", "locations")
STEPS = {"packet": 16, "signed": 4}  # a PDF and a signature cost a hundred times a mail: each n-th payload
MAIL_HEADERS = {
    b"from", b"to", b"subject", b"date", b"message-id", b"x-unseen-notice", b"organization", b"content-language",
    b"mime-version", b"content-type", b"content-transfer-encoding", b"dkim-signature",
}  # fmt: skip
HTTP_HEADERS = [
    b"host", b"user-agent", b"accept", b"accept-encoding", b"content-type", b"content-length", b"idempotency-key",
]  # fmt: skip
DEEDS = (Delivered, NotDelivered)


@pytest.mark.parametrize("field", IN_A_MAIL)
def test_a_mail_has_our_headers_and_one_recipient(mail_door: Door, field: str) -> None:
    server = mail_door.server
    assert isinstance(server, RawSmtp)
    tried = 0
    step = STEPS.get(mail_door.kind, 1)
    for text in list(payloads("abuse", "@prompt.test"))[::step]:
        server.commands.clear()
        server.heard.clear()
        hostile = _with(mail_door.to, field, text)
        result = mail_door.channel.send(hostile, NOON)
        assert isinstance(result, DEEDS), repr(text)
        assert len(server.heard) == isinstance(result, Delivered), repr(text)
        for raw in server.heard:
            recipient = b"RCPT TO:<%s>" % hostile.to.encode()
            assert _asked(server) == [b"MAIL FROM:<%s>" % SENDER.encode(), recipient], repr(text)
            _check_mail(raw, hostile.body, repr(text))
        tried += 1
    assert tried == COUNT // step


@pytest.mark.parametrize("field", FIELDS)
def test_a_request_has_our_headers_and_says_what_was_given(api_door: Door, field: str) -> None:
    tried = 0
    for text in payloads():
        api_door.server.heard.clear()
        hostile = _with(api_door.to, field, text)
        result = api_door.channel.send(hostile, NOON)
        assert isinstance(result, DEEDS), repr(text)
        assert len(api_door.server.heard) == isinstance(result, Delivered), repr(text)
        for raw in api_door.server.heard:
            head, _, body = raw.partition(b"\r\n\r\n")
            first, *lines = head.split(b"\r\n")
            assert first.startswith(b"POST /")
            assert first.count(b" ") == 2
            assert first.endswith(b" HTTP/1.1")
            assert [line.partition(b":")[0].lower() for line in lines] == HTTP_HEADERS, repr(text)
            assert head.isascii()
            said = json.loads(body)
            assert said["notice_id"] == hostile.key
            assert (said["reference"], said["statement"]) == (hostile.reference, hostile.body)
            assert (said["laws"], said["locations"]) == (list(hostile.laws), list(hostile.locations))
        tried += 1
    assert tried == COUNT


@pytest.mark.parametrize(
    "to",
    [
        "abuse@prompt.test, eve@evil.test", "abuse@prompt.test\r\nRCPT TO:<eve@evil.test>", "<abuse@prompt.test>",
        "abuse@prompt.test> SIZE=1", "Abuse <abuse@prompt.test>", '"a b"@prompt.test', "abuse", "@prompt.test", "",
        "abuse@prompt.test ", "abuse@\u0435vil.test", "a" * 300 + "@prompt.test", "abuse@localhost", "a@b@c.test",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_address_gets_no_mail(mail_door: Door, to: str) -> None:
    result = mail_door.send(mail_door.envelope(to=to))
    assert isinstance(result, NotDelivered)
    assert result.permanent
    assert isinstance(mail_door.server, RawSmtp)
    assert mail_door.server.commands == []


def test_a_long_korean_notice_arrives_as_it_was_written(mail_door: Door) -> None:
    subject = (
        "[Notice AB23CD45EF] 동의 없이 유포된 성적 촬영물 삭제 요청 (플랫폼에 대한 두 번째이자 마지막 통지)"
    )
    body = "삭제를 요청합니다.\n" * 400 + "http://prompt.test/p/" + "a" * 2_000 + "\n.\n..\nFrom here\n"
    assert isinstance(mail_door.send(mail_door.envelope(body=body, subject=subject)), Delivered)
    (raw,) = mail_door.server.heard
    assert _check_mail(raw, body, "korean")["Subject"] == subject


def _with(to: str, field: str, text: str) -> Envelope:
    value: object = (text,) if field in ("laws", "locations") else text
    return replace(an_envelope(to), **{field: value})  # type: ignore[arg-type] # the test names the field


def _asked(server: RawSmtp) -> list[bytes]:
    """The commands of one conversation, verbs in capitals, without the greeting and the parting."""
    said = [command.rstrip(b"\r\n") for command in server.commands]
    assert [said[0][:4].upper(), *(one.upper() for one in said[-2:])] == [b"EHLO", b"DATA", b"QUIT"]
    return [one[:4].upper() + one[4:] for one in said[1:-2]]


def _check_mail(raw: bytes, body: str, told: str) -> email.message.EmailMessage:
    assert raw.isascii(), told
    assert b"\x00" not in raw, told
    lines = raw.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines), told
    assert max(map(len, lines)) <= 998, told  # RFC 5322, 2.1.1
    assert lines.count(b".") == 1, told  # the last one
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0].lower() for line in head if not line.startswith((b" ", b"\t"))]
    assert len(names) == len(set(names)), told
    assert set(names) <= MAIL_HEADERS, told
    unstuffed = b"\r\n".join(line.removeprefix(b".") for line in lines[:-2])
    message = email.message_from_bytes(unstuffed, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    read = _text_of(message)
    assert "\n".join(read.splitlines()).rstrip() == "\n".join(body.splitlines()).rstrip(), told
    return message


def _text_of(message: email.message.EmailMessage) -> str:
    """The text that a person reads. A mail with parts has exactly those that its channel gives it."""
    if not message.is_multipart():
        return str(message.get_content())
    text, *others = message.iter_parts()
    types = [part.get_content_type() for part in others]
    assert types in (["message/feedback-report", "application/json"], ["application/pdf", "application/json"])
    if types[0] == "message/feedback-report":
        (fields,) = others[0].iter_parts()
        names = [name for name in fields if name != "Reported-URI"]
        assert names == ["Feedback-Type", "User-Agent", "Version", "Reporting-MTA"]
        assert not str(fields.get_payload()).strip()
    json.loads(others[1].get_content())
    return str(text.get_content())
