"""The e-mail of a notice. Every header is made from our own settings or from an id; hostile text stays in the body."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from unseen.takedown.channels.envelope import Envelope


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a notice: the same for every try, so that a copy is seen as a copy (RFC 5322, 3.6.4)."""
    return f"<{key}@{domain}>"


def build(envelope: Envelope, *, sender: str, organisation: str, domain: str) -> bytes:
    """The raw message. Raises ValueError when any header value holds a line break."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=200))
    headers = {
        "From": sender,
        "To": envelope.to,
        "Subject": envelope.subject,
        "Date": format_datetime(envelope.made_at),
        "Message-ID": message_id(envelope.key, domain),
        "X-Unseen-Notice": envelope.key,
        "Organization": organisation,
        "Content-Language": envelope.language,
    }
    for name, value in headers.items():
        if any(character in value for character in "\r\n\x00"):
            raise ValueError(f"the {name} of notice {envelope.key} holds a line break")
        message[name] = value
    message.set_content(envelope.body)
    return message.as_bytes()
