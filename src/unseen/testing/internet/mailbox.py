"""The centre's two Maildirs, and the mails that other parties write: answers and bounces."""

import hashlib
import mailbox
import os
from datetime import datetime
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from unseen.testing.internet.notice import ReceivedNotice

RELAY_NAME: Final = "relay.centre.test"

ANSWERS: Final = {
    "acknowledgement": "We have received your notice and will look into it.",
    "refusal": "We have reviewed your notice and will not remove the content.",
    "removal": "We have removed the content named in your notice.",
    "order": "We have ordered domestic access providers to block the locations named in your notice.",
    "no_order": "We have closed your request without an order: there is nothing that we can block.",
}


class Maildir:
    """A folder of mails, each on the disk before `add` returns (file and folder entry are both fsynced)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._box = mailbox.Maildir(folder, create=True)

    def add(self, raw: bytes) -> None:
        self._box.add(raw)
        entry = os.open(self.folder / "new", os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)


def answer(notice: ReceivedNotice, kind: str, sender: str, reason: str, at: datetime) -> bytes:
    """One of ANSWERS to a notice, as an automatic reply (RFC 3834) in its thread."""
    message = EmailMessage()
    _address(message, notice, sender, at, kind)
    message["Subject"] = f"Re: {notice.subject}"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("\n\n".join(filter(None, [ANSWERS[kind], reason, "Your request: " + notice.subject])))
    return message.as_bytes()


def bounce(notice: ReceivedNotice, status: str, diagnostic: str, at: datetime) -> bytes:
    """A delivery status notification, RFC 3464: Action failed, `status` an RFC 3463 code such as 5.1.1."""
    message = MIMEMultipart("report")
    message.set_param("report-type", "delivery-status")
    _address(message, notice, f"MAILER-DAEMON@{RELAY_NAME}", at, "bounce")
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message["Auto-Submitted"] = "auto-replied"
    message.attach(MIMEText(f"Your message to {notice.recipient} could not be delivered:\n{diagnostic}\n"))
    message.attach(_delivery_status(notice, status, diagnostic))
    headers = BytesHeaderParser().parsebytes(notice.raw).as_string().partition("\n\n")[0]
    message.attach(MIMEText(headers + "\n", "rfc822-headers"))
    return message.as_bytes()


def _delivery_status(notice: ReceivedNotice, status: str, diagnostic: str) -> Message:
    per_message, per_recipient, both = Message(), Message(), Message()
    per_message["Reporting-MTA"] = f"dns; {RELAY_NAME}"
    per_message["Arrival-Date"] = format_datetime(notice.received_at)
    per_recipient["Final-Recipient"] = f"rfc822; {notice.recipient}"
    per_recipient["Action"] = "failed"
    per_recipient["Status"] = status
    per_recipient["Diagnostic-Code"] = f"smtp; 550 {status} {diagnostic}"
    both["Content-Type"] = "message/delivery-status"
    both.set_payload([per_message, per_recipient])
    return both


def _address(message: Message, notice: ReceivedNotice, sender: str, at: datetime, kind: str) -> None:
    seal = hashlib.sha256(f"{kind} {notice.recipient} {notice.message_id} {at}".encode()).hexdigest()[:20]
    message["From"] = sender
    message["To"] = notice.reply_to
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{seal}@{sender.rpartition('@')[2]}>"
    if notice.channel == "mail" and notice.message_id:
        message["In-Reply-To"] = notice.message_id
        message["References"] = notice.message_id
