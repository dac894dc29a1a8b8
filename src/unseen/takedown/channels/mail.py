"""What every channel by mail does: hand a message to the centre's own relay, and look it up in the archive of sent mail."""

import email
import email.policy
import hashlib
import mailbox
import smtplib
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import MIMEPart

from unseen.config.options import Options
from unseen.takedown.channels.dkim import CannotSign, signed
from unseen.takedown.channels.envelope import (
    CannotTell,
    Delivered,
    Envelope,
    LookUpResult,
    NotDelivered,
    NotThere,
    Part,
    Preview,
    SendResult,
    Unclear,
)
from unseen.takedown.channels.headers import Letterhead, message_id

SMTP_TIMEOUT_S = 30.0


class MailChannel(ABC):
    """SMTP with proof: the relay's reply to the end of the message (RFC 5321, 4.2). A channel says how it is built."""

    def __init__(self, options: Options) -> None:
        self._options = options

    @abstractmethod
    def message(self, envelope: Envelope, head: Letterhead) -> bytes:
        """The raw message, not yet signed. Raises ValueError for a value that could be read as more than itself."""

    @property
    def remembers(self) -> bool:
        """The archive of sent mail does, where one is set."""
        return self._options.sent_archive is not None

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        """Hand the notice to the relay. After the last dot of the message a broken line is unclear, not failed."""
        if self._options.smtp is None:
            return NotDelivered("no mail relay is set: set UNSEEN_SMTP", permanent=False, ours=True)
        try:
            raw = signed(self._built(envelope), self._options)
        except CannotSign as error:
            return NotDelivered(str(error), permanent=False, ours=True)
        except ValueError as error:
            return NotDelivered(str(error), permanent=True)
        try:
            with self._session() as smtp:
                return self._hand_over(smtp, envelope, raw)
        except smtplib.SMTPException as error:
            return NotDelivered(
                f"the relay refused the session ({type(error).__name__})", permanent=False, ours=True
            )
        except OSError as error:
            return NotDelivered(
                f"the relay could not be reached ({type(error).__name__})", permanent=False, ours=True
            )

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        """Search the sent archive for the Message-ID."""
        archive = self._options.sent_archive
        if archive is None or not archive.is_dir():
            return CannotTell("no archive of sent mail is set: set UNSEEN_SENT_ARCHIVE")
        wanted = message_id(envelope.key, self._options.organisation_domain)
        try:
            for message in mailbox.Maildir(archive, create=False):
                if message.get("Message-ID", "").strip() == wanted:
                    return Delivered(f"found in the archive of sent mail: {wanted}")
        except OSError as error:
            return CannotTell(f"the archive of sent mail cannot be read ({type(error).__name__})")
        return NotThere()

    def preview(self, envelope: Envelope) -> Preview:
        """The mail as its reader sees it: the very bytes that would be sent, read again."""
        raw = self._built(envelope)
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
        parts: Iterable[MIMEPart] = mail.iter_parts() if mail.is_multipart() else (mail,)
        return Preview((Part("Headers", headers), *map(_seen, parts)))

    def _built(self, envelope: Envelope) -> bytes:
        options = self._options
        head = Letterhead(options.smtp_sender, options.organisation, options.organisation_domain)
        return self.message(envelope, head)

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """Whatever happens when we take our leave changes nothing of what was said before."""
        smtp = self._connected()
        try:
            self._greet(smtp)
            yield smtp
        finally:
            with suppress(smtplib.SMTPException, OSError):
                smtp.docmd("QUIT")
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        server = self._options.smtp
        assert server is not None
        if server.tls == "implicit":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=SMTP_TIMEOUT_S, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=SMTP_TIMEOUT_S, local_hostname="unseen.invalid")

    def _greet(self, smtp: smtplib.SMTP) -> None:
        server = self._options.smtp
        assert server is not None
        if server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.login:
            smtp.login(server.login, self._options.smtp_password.reveal())
        smtp.ehlo_or_helo_if_needed()

    def _hand_over(self, smtp: smtplib.SMTP, envelope: Envelope, raw: bytes) -> SendResult:
        code, reply = smtp.mail(self._options.smtp_sender)
        if code >= 400:  # it is we who are refused: that says nothing about the addressee
            return NotDelivered(_said(code, reply), permanent=False, ours=True)
        code, reply = smtp.rcpt(envelope.to)
        if code >= 400:
            return NotDelivered(_said(code, reply), permanent=code >= 500)
        try:
            code, reply = smtp.data(raw)
        except smtplib.SMTPDataError as error:  # said before the message: nothing of it went
            return NotDelivered(_said(error.smtp_code, error.smtp_error), permanent=error.smtp_code >= 500)
        except (smtplib.SMTPException, OSError) as error:
            return Unclear(f"the line broke while the message was sent ({type(error).__name__})")
        if code == 250:
            return Delivered(_said(code, reply))
        if 400 <= code < 600:
            return NotDelivered(_said(code, reply), permanent=code >= 500)
        return Unclear(f"the relay answered what no relay says: {_said(code, reply)}")


def _said(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"SMTP {code} {text}"[:1_000]


def _seen(part: MIMEPart) -> Part:
    """One part for a reader: text as it is, anything else by its name, size and digest."""
    if part.get_content_maintype() == "message":  # its fields are read as a message inside the message
        (fields,) = part.iter_parts()
        return Part(part.get_content_type(), "\n".join(f"{name}: {value}" for name, value in fields.items()))
    if part.get_content_type() == "text/plain":
        return Part("Text", str(part.get_content()))
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    name = part.get_filename() or part.get_content_type()
    if part.get_content_type() == "application/json":
        return Part(name, content.decode())
    digest = hashlib.sha256(content).hexdigest()
    return Part(name, f"{part.get_content_type()}, {len(content)} bytes, SHA-256 {digest}")
