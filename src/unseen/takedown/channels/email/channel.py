"""A notice as a plain mail."""

from unseen.takedown.channels.envelope import Envelope
from unseen.takedown.channels.headers import Letterhead, begun, finished
from unseen.takedown.channels.mail import MailChannel


class EmailChannel(MailChannel):
    """One part of plain text: what every addressee can read."""

    def message(self, envelope: Envelope, head: Letterhead) -> bytes:
        """Headers and the text."""
        message = begun(envelope, head)
        message.set_content(envelope.body)
        return finished(message, envelope)
