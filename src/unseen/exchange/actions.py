"""Writes of the exchange: feed rows and peers."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from unseen.domain.feed import FeedOperation
from unseen.exchange.models import FeedRow, Peer
from unseen.hashbank.models import BankEntry
from unseen.journal import actions as journal


def feed(entries: Sequence[BankEntry], now: datetime) -> None:
    """Tell peers about new bank entries, in an order that says nothing about which belong together."""
    shuffled = list(entries)
    secrets.SystemRandom().shuffle(shuffled)
    _append(
        [(entry.pk, secrets.token_hex(16)) for entry in shuffled],
        FeedOperation.ADD,
        "feed:entries:added",
        now,
    )


def withdraw(rows: Sequence[FeedRow], now: datetime) -> None:
    """Tell peers that these entries are withdrawn (promise 2)."""
    told = [(row.bank_entry_id, row.entry) for row in rows]
    _append(told, FeedOperation.WITHDRAW, "feed:entries:withdrawn", now)


def _append(lines: Sequence[tuple[int, str]], operation: FeedOperation, tag: str, now: datetime) -> None:
    """Add lines of (bank entry, its name in the feed); those that another worker added meanwhile are left out."""
    with transaction.atomic():
        journal.one_at_a_time()  # a peer that has read up to a number must never have missed a lower one
        known = FeedRow.objects.filter(operation=operation, bank_entry__in=[entry for entry, _ in lines])
        fed = set(known.values_list("bank_entry_id", flat=True))
        rows = FeedRow.objects.bulk_create(
            FeedRow(entry=name, operation=operation, bank_entry_id=entry, at=now)
            for entry, name in lines
            if entry not in fed
        )
        if rows:
            journal.write(tag, journal.about("feed", "ours"), now, entries=len(rows))


def add_peer(name: str, now: datetime) -> str:
    """Let a peer read the feed; returns its key, which is shown once and stored only as a digest."""
    key = f"unseen_{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    with transaction.atomic():
        peer = Peer.objects.create(name=name, key_digest=digest, added_at=now)
        journal.write("peer:key:issued", journal.about("peer", peer.pk), now)
    return key
