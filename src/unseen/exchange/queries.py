"""Reads of the exchange: what a peer may see."""

import hashlib

from unseen.domain.feed import FeedEntry, FeedOperation
from unseen.exchange.models import FeedRow, Peer
from unseen.hashbank.models import BankEntry
from unseen.keys import queries as keys

PAGE_ROWS = 500


def peer_with_key(key: str) -> Peer | None:
    """The peer that holds this key. A key has 256 random bits, so its plain digest may be looked up (ASVS 6.5.2)."""
    return Peer.objects.filter(key_digest=hashlib.sha256(key.encode()).hexdigest()).first()


def page_after(cursor: int) -> list[FeedEntry]:
    """The next rows of the feed. An entry that is withdrawn by now shows no fingerprint any more."""
    found = (
        FeedRow.objects.filter(pk__gt=cursor).select_related("bank_entry__material__report").order_by("pk")
    )
    rows = list(found[:PAGE_ROWS])
    keys.warm(row.bank_entry for row in rows)
    return [
        FeedEntry(
            row.pk,
            row.entry,
            FeedOperation(row.operation),
            "" if _withdrawn(row.bank_entry) else row.bank_entry.pdq.hex(),
            row.bank_entry.quality,
        )
        for row in rows
    ]


def _withdrawn(entry: BankEntry) -> bool:
    """From the moment at which the person said so, even while no worker runs."""
    return entry.removed_at is not None or entry.material.report.withdrawn_at is not None
