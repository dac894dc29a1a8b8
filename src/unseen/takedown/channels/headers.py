"""Headers of a notice that travels by mail. Each is made from our own settings or from an id; hostile text stays in the body."""

import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from unseen.takedown.channels.envelope import Envelope

# One plain address (RFC 5321, 4.1.2, without quoted names): a list, a comment or a parameter would add a recipient.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
)
_KEY = re.compile(r"[A-Za-z0-9-]{1,64}")  # a UUID: what may stand in a Message-ID without a thought
ADDRESS_CHARACTERS_MAX = 254  # RFC 5321, 4.5.3.1.3 without the angle brackets
# 7bit: a relay need not know 8BITMIME (RFC 6152), and every byte that we send is the one that arrives.
POLICY = SMTP.clone(max_line_length=200, cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the centre puts into every mail. `sender` is also where bounces go."""

    sender: str
    organisation: str
    domain: str


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a notice: the same for every try, so that a copy is seen as a copy (RFC 5322, 3.6.4)."""
    return f"<{key}@{domain}>"


def begun(envelope: Envelope, head: Letterhead) -> EmailMessage:
    """A message with its headers and no content yet. Raises ValueError when a value could be read as more than itself."""
    for address, cure in ((envelope.to, "correct the directory"), (head.sender, "set UNSEEN_SMTP_SENDER")):
        if len(address) > ADDRESS_CHARACTERS_MAX or not _ADDRESS.fullmatch(address):
            raise ValueError(f"an address of notice {envelope.key} is not one plain mail address: {cure}")
    if not _KEY.fullmatch(envelope.key):
        raise ValueError("the id of a notice is no id: it cannot stand in a Message-ID")
    if "\x00" in envelope.body:
        raise ValueError(f"the body of notice {envelope.key} holds a null byte")
    message = EmailMessage(policy=POLICY)
    headers = {
        "From": head.sender,
        "To": envelope.to,
        "Subject": envelope.subject,
        "Date": format_datetime(envelope.made_at),
        "Message-ID": message_id(envelope.key, head.domain),
        "X-Unseen-Notice": envelope.key,
        "Organization": head.organisation,
        "Content-Language": envelope.language,
    }
    for name, value in headers.items():
        # Python's mail library decodes "=?...?=" on its way in, and before 3.11.10 it writes a line break that it finds
        # there as one: one header more (CVE-2024-6923).
        if not value.isprintable() or "=?" in value:
            raise ValueError(
                f"the {name} of notice {envelope.key} holds a control character or an encoded word"
            )
        message[name] = value
    return message


def finished(message: EmailMessage, envelope: Envelope) -> bytes:
    """The raw message, ASCII throughout and the same for every try. Raises ValueError when a header would be another."""
    if message.is_multipart():
        message.set_boundary(f"=_{hashlib.sha256(envelope.key.encode()).hexdigest()[:40]}")
    raw = message.as_bytes()
    if _names(raw) != [name.lower() for name in message]:
        raise ValueError(f"the headers of notice {envelope.key} would not arrive as they were meant")
    return raw


def _names(raw: bytes) -> list[str]:
    lines = raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    return [line.partition(":")[0].lower() for line in lines if not line.startswith((" ", "\t"))]
