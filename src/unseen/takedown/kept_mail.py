"""What is kept of a mail as evidence: its headers and its text. Attachments are named by their digest, never kept."""

import hashlib
from collections.abc import Iterator
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

PARTS_MAX = 64  # as for reading: a mail with more parts is built to waste our time
_KEPT = ("text/", "message/delivery-status", "message/disposition-notification")


def kept(raw: bytes) -> str:
    """The mail as text. Whatever is no text is replaced by its type, size and SHA-256."""
    try:
        mail = BytesParser(policy=compat32).parsebytes(raw)
        return "\n".join(_lines(mail))
    except (MessageError, ValueError, LookupError, RecursionError):
        return (
            f"[a mail of {len(raw)} bytes that could not be read; SHA-256 {hashlib.sha256(raw).hexdigest()}]"
        )


def _lines(mail: "Message[str, str]") -> Iterator[str]:
    for number, part in enumerate(mail.walk()):
        if number == PARTS_MAX:
            yield "[more parts were left out]"
            return
        yield from (f"{name}: {value}" for name, value in part.items())
        yield ""
        if part.is_multipart():
            continue  # its parts follow
        yield _text(part) if part.get_content_type().startswith(_KEPT) else _left_out(part)


def _text(part: "Message[str, str]") -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if b"\x00" in content:
        return _left_out(part)  # no text holds a zero byte: media under a false name
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _left_out(part: "Message[str, str]") -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return f"[left out: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}]"
