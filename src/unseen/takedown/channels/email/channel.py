"""Send by the centre's own mail relay; look a message up in the archive of sent mail that the relay keeps."""

import mailbox
import smtplib
import ssl
from datetime import datetime

from unseen.config.options import Options
from unseen.takedown.channels.email.message import build, message_id
from unseen.takedown.channels.envelope import (
    CannotTell,
    Delivered,
    Envelope,
    LookUpResult,
    NotDelivered,
    NotThere,
    SendResult,
    Unclear,
)

SMTP_TIMEOUT_S = 30.0


class EmailChannel:
    """SMTP with proof: the relay's reply to the end of the message (RFC 5321, 4.2)."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        """Hand the notice to the relay. After the last dot of the message a broken line is unclear, not failed."""
        if self._options.smtp is None:
            return NotDelivered("no mail relay is set: set UNSEEN_SMTP", permanent=False)
        try:
            raw = build(
                envelope,
                sender=self._options.smtp_sender,
                organisation=self._options.organisation,
                domain=self._options.organisation_domain,
            )
        except ValueError as error:
            return NotDelivered(str(error), permanent=True)
        try:
            with self._connected() as smtp:
                return self._hand_over(smtp, envelope, raw)
        except smtplib.SMTPException as error:
            return NotDelivered(f"the relay refused the session ({type(error).__name__})", permanent=False)
        except OSError as error:
            return NotDelivered(f"the relay could not be reached ({type(error).__name__})", permanent=False)

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        """Search the sent archive for the Message-ID."""
        archive = self._options.sent_archive
        if archive is None or not archive.is_dir():
            return CannotTell("no archive of sent mail is set: set UNSEEN_SENT_ARCHIVE")
        wanted = message_id(envelope.key, self._options.organisation_domain)
        for message in mailbox.Maildir(archive, create=False):
            if message.get("Message-ID", "").strip() == wanted:
                return Delivered(f"found in the archive of sent mail: {wanted}")
        return NotThere()

    def _connected(self) -> smtplib.SMTP:
        server = self._options.smtp
        assert server is not None
        context = ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.tls == "implicit":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=SMTP_TIMEOUT_S, context=context)
        else:
            smtp = smtplib.SMTP(
                server.host, server.port, timeout=SMTP_TIMEOUT_S, local_hostname="unseen.invalid"
            )
        if server.tls == "starttls":
            smtp.starttls(context=context)
        if server.login:
            smtp.login(server.login, self._options.smtp_password.reveal())
        return smtp

    def _hand_over(self, smtp: smtplib.SMTP, envelope: Envelope, raw: bytes) -> SendResult:
        smtp.ehlo_or_helo_if_needed()
        for code, reply in (smtp.mail(self._options.smtp_sender), smtp.rcpt(envelope.to)):
            if code >= 400:
                return NotDelivered(_said(code, reply), permanent=code >= 500)
        try:
            code, reply = smtp.data(raw)
        except smtplib.SMTPDataError as error:
            return NotDelivered(_said(error.smtp_code, error.smtp_error), permanent=error.smtp_code >= 500)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            return Unclear(f"the line broke while the message was sent ({type(error).__name__})")
        if code != 250:
            return NotDelivered(_said(code, reply), permanent=code >= 500)
        return Delivered(_said(code, reply))


def _said(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"SMTP {code} {text}"[:1_000]
