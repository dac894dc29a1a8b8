"""A packet for a regulator: a mail with the notice as text, as PDF for a file, and as JSON for a machine."""

import json

from unseen.takedown.channels.envelope import Envelope
from unseen.takedown.channels.headers import Letterhead, begun, finished
from unseen.takedown.channels.mail import MailChannel
from unseen.takedown.channels.packet.data import packet_of
from unseen.takedown.channels.packet.pdf import pdf_of


class PacketChannel(MailChannel):
    """Three parts that say the same."""

    def message(self, envelope: Envelope, head: Letterhead) -> bytes:
        """The mail; its attachments are named by the id of the notice."""
        message = begun(envelope, head)
        packet = packet_of(envelope, head)
        message.set_content(envelope.body)
        named = f"notice-{envelope.key}"
        pdf = pdf_of(packet, envelope.made_at)
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{named}.pdf")
        text = json.dumps(packet, ensure_ascii=False, indent=1).encode()
        message.add_attachment(text, maintype="application", subtype="json", filename=f"{named}.json")
        return finished(message, envelope)
