"""A notice as the small internet received it, read from raw mail or JSON without trusting the sender."""

import email
import email.policy
import json
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

FIRST_LINE: Final = "-- locations --"
LAST_LINE: Final = "-- end --"


class NoticeInvalid(Exception):
    """The JSON body is not a notice; the message says which part is wrong."""


@dataclass(frozen=True)
class ReceivedNotice:
    """`message_id`: the mail's Message-ID or the API's Idempotency-Key; `replay`: the party had it before."""

    received_at: datetime
    party: str
    channel: str
    recipient: str
    message_id: str
    notice_id: str
    subject: str
    reply_to: str
    locations: tuple[str, ...]
    raw: bytes
    replay: bool = False


def from_mail(raw: bytes, party: str, recipient: str, at: datetime) -> ReceivedNotice:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return ReceivedNotice(
        received_at=at,
        party=party,
        channel="mail",
        recipient=recipient,
        message_id=_one_line(message["Message-ID"]),
        notice_id=_one_line(message["X-Unseen-Notice"]),
        subject=_one_line(message["Subject"]),
        reply_to=parseaddr(_one_line(message["Reply-To"] or message["From"]))[1],
        locations=_locations_in(_text_of(message)),
        raw=raw,
    )


def from_json(raw: bytes, party: str, recipient: str, key: str, at: datetime) -> ReceivedNotice:
    """Raises NoticeInvalid."""
    try:
        body = json.loads(raw)
        locations = tuple(str(location) for location in body["locations"])
        if not locations or body["good_faith"] is not True or not body["laws"] or not body["statement"]:
            raise NoticeInvalid("locations, laws, statement and good_faith=true are required")
        notice_id, subject = str(body["notice_id"]), str(body["reference"])
        reply_to = str(body["sender"]["email"])
    except (ValueError, KeyError, TypeError) as error:
        raise NoticeInvalid(f"not a notice: {error!r}") from error
    return ReceivedNotice(at, party, "api", recipient, key, notice_id, subject, reply_to, locations, raw)


def _one_line(header: object) -> str:
    text = str(header or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.split())


def _text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    payload = part.get_payload(decode=True) if part is not None else b""
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _locations_in(text: str) -> tuple[str, ...]:
    lines = [line.strip() for line in text.splitlines()]
    if FIRST_LINE not in lines or LAST_LINE not in lines:
        return ()
    return tuple(line for line in lines[lines.index(FIRST_LINE) + 1 : lines.index(LAST_LINE)] if line)
