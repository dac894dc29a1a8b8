"""The packet as data: what the schema beside this file says, the same for every try."""

from typing import Any

from unseen.takedown.channels.envelope import Envelope
from unseen.takedown.channels.headers import Letterhead

FORMAT = "urn:unseen:packet:1"


def packet_of(envelope: Envelope, head: Letterhead) -> dict[str, Any]:
    """The packet of a notice. Raises ValueError when it names no location."""
    if not envelope.locations:
        raise ValueError(f"notice {envelope.key} names no location: a packet needs one")
    return {
        "format": FORMAT,
        "notice_id": envelope.key,
        "reference": envelope.reference,
        "made_at": envelope.made_at.isoformat(),
        "language": envelope.language,
        "sender": {"organisation": head.organisation, "email": head.sender},
        "subject": envelope.subject,
        "text": envelope.body,
        "locations": list(envelope.locations),
        "laws": envelope.particulars.get("laws") or [{"id": law_id} for law_id in envelope.laws],
        "record": envelope.particulars.get("record", []),
    }
