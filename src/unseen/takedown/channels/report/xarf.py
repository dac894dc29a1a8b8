"""The report in XARF v4 (https://xarf.org): where the material is and what it is, never the material."""

import base64
import hashlib
import uuid
from typing import Any
from urllib.parse import urlsplit

from unseen.takedown.channels.envelope import Envelope
from unseen.takedown.channels.headers import Letterhead

XARF_VERSION = "4.2.0"
# XARF has no type for intimate images of adults. `csam` and `csem` would be false; `exposed_data` is true: personal
# information that somebody made public on purpose. The tag says what it is (docs/decisions/0028-*.md).
TAGS = ("ncii:non_consensual_intimate_image", "severity:high")
DESCRIPTION = (
    "Intimate image of an identifiable person, real or synthetic, published without that person's consent. "
    "All locations are in the evidence of type text/uri-list. No media are attached."
)


def report_of(envelope: Envelope, head: Letterhead) -> dict[str, Any]:
    """One report for all locations: `url` is the first, the evidence lists every one. Raises ValueError."""
    if not envelope.locations:
        raise ValueError(f"notice {envelope.key} names no location: an abuse report needs one")
    domain = urlsplit(envelope.locations[0]).hostname or ""
    if not domain:
        raise ValueError("the location of an abuse report holds no host name: correct the item")
    contact = {"org": head.organisation, "contact": head.sender, "domain": head.domain}
    made_at = envelope.made_at.isoformat()
    return {
        "xarf_version": XARF_VERSION,
        "report_id": _report_id(envelope.key),
        "timestamp": made_at,
        "reporter": contact,
        "sender": contact,
        "source_identifier": domain,
        "category": "content",
        "type": "exposed_data",
        "url": envelope.locations[0],
        "data_types": ["personal_information", "other"],
        "exposure_method": "intentional_leak",
        "accessibility": "public",
        "description": f"{DESCRIPTION} Our reference: {envelope.reference}.",
        "tags": list(TAGS),
        "evidence_source": "manual_analysis",
        "evidence": [_list_of(envelope.locations)],
    }


def _list_of(locations: tuple[str, ...]) -> dict[str, Any]:
    """All locations as a list of URIs (RFC 2483, 5)."""
    content = "".join(f"{one}\r\n" for one in locations).encode("utf-8")
    return {
        "content_type": "text/uri-list",
        "description": "Every location of this notice",
        "payload": base64.b64encode(content).decode(),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "size": len(content),
    }


def _report_id(key: str) -> str:
    """A version 4 UUID, the same for every try. The id of a notice is one already; a later sending has a longer key."""
    try:
        return str(uuid.UUID(key))
    except ValueError:
        return str(uuid.UUID(bytes=hashlib.sha256(key.encode()).digest()[:16], version=4))
