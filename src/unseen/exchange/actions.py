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
    with transaction.atomic():
        FeedRow.objects.bulk_create(
            FeedRow(entry=secrets.token_hex(16), operation=FeedOperation.ADD, bank_entry=entry, at=now)
            for entry in shuffled
        )
        journal.write("feed:entries:added", journal.about("feed", "ours"), now, entries=len(shuffled))


def withdraw(rows: Sequence[FeedRow], now: datetime) -> None:
    """Tell peers that these entries are withdrawn (promise 2)."""
    with transaction.atomic():
        FeedRow.objects.bulk_create(
            FeedRow(entry=row.entry, operation=FeedOperation.WITHDRAW, bank_entry_id=row.bank_entry_id, at=now)
            for row in rows
        )
        journal.write("feed:entries:withdrawn", journal.about("feed", "ours"), now, entries=len(rows))


def add_peer(name: str, now: datetime) -> str:
    """Let a peer read the feed; returns its key, which is shown once and stored only as a digest."""
    key = f"unseen_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        peer = Peer.objects.create(name=name, key_digest=hashlib.sha256(key.encode()).hexdigest(), added_at=now)
        journal.write("peer:key:issued", journal.about("peer", peer.pk), now)
    return key
