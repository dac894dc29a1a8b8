"""Keep evidence. Called inside the transaction of the change that it proves."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from unseen.evidence.models import Exhibit
from unseen.keys.box import EMPTY, Key
from unseen.keys.queries import key_of

CONTENT_CHARACTERS_MAX = 100_000  # a long mail with its headers; more is cut and says so


def keep(kind: str, content: str, report: UUID, now: datetime) -> Exhibit:
    """Store one exhibit with its digest, sealed under the key of this report (NOBODY: of none). Raises KeyGone."""
    return keep_all(kind, [(content, report)], now)[0]


def keep_all(kind: str, contents: Sequence[tuple[str, UUID]], now: datetime) -> list[Exhibit]:
    """Store exhibits of one kind, each with its digest, in the order given. Raises KeyGone."""
    made = [_exhibit(kind, content, key_of(report), now) for content, report in contents]
    return Exhibit.objects.bulk_create(made)


def keep_nothing(kind: str, now: datetime) -> Exhibit:
    """That there was something, and not what: it came after the person withdrew."""
    return Exhibit.objects.create(kind=kind, at=now, content=EMPTY, digest=hashlib.sha256(EMPTY).hexdigest())


def _exhibit(kind: str, content: str, key: Key, now: datetime) -> Exhibit:
    clean = content.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    if len(clean) > CONTENT_CHARACTERS_MAX:
        clean = clean[:CONTENT_CHARACTERS_MAX] + f"\n[cut: {len(clean)} characters]"
    sealed = Exhibit.sealed_content(clean, key)
    return Exhibit(kind=kind, at=now, content=sealed, digest=hashlib.sha256(sealed).hexdigest())
