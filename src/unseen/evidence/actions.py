"""Keep evidence. Called inside the transaction of the change that it proves."""

import hashlib
from datetime import datetime

from unseen.evidence.models import Exhibit

CONTENT_CHARACTERS_MAX = 100_000  # a long mail with its headers; more is cut and says so


def keep(kind: str, content: str, now: datetime) -> Exhibit:
    """Store one exhibit with its digest."""
    clean = content.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    if len(clean) > CONTENT_CHARACTERS_MAX:
        clean = clean[:CONTENT_CHARACTERS_MAX] + f"\n[cut: {len(clean)} characters]"
    return Exhibit.objects.create(
        kind=kind, at=now, content=clean, digest=hashlib.sha256(clean.encode()).hexdigest()
    )
