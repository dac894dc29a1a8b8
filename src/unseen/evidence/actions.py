"""Keep evidence. Called inside the transaction of the change that it proves."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from unseen.evidence.models import Exhibit

CONTENT_CHARACTERS_MAX = 100_000  # a long mail with its headers; more is cut and says so


def keep(kind: str, content: str, now: datetime) -> Exhibit:
    """Store one exhibit with its digest."""
    return keep_all(kind, [content], now)[0]


def keep_all(kind: str, contents: Sequence[str], now: datetime) -> list[Exhibit]:
    """Store exhibits of one kind, each with its digest, in the order given."""
    return Exhibit.objects.bulk_create([_exhibit(kind, content, now) for content in contents])


def _exhibit(kind: str, content: str, now: datetime) -> Exhibit:
    clean = content.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    if len(clean) > CONTENT_CHARACTERS_MAX:
        clean = clean[:CONTENT_CHARACTERS_MAX] + f"\n[cut: {len(clean)} characters]"
    digest = hashlib.sha256(clean.encode()).hexdigest()
    return Exhibit(kind=kind, at=now, content=clean, digest=digest)
