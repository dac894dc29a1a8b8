"""Our hash feed, append-only, and the peers that may read it."""

from django.db import models

from unseen.domain.feed import FeedOperation
from unseen.hashbank.models import BankEntry


class FeedRow(models.Model):
    """One line of the feed. `entry` is random; the way back to the bank entry never leaves this table."""

    entry = models.CharField(max_length=32)
    operation = models.CharField(
        max_length=10, choices=[(operation, operation) for operation in FeedOperation]
    )
    bank_entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="feed_rows")
    at = models.DateTimeField()

    class Meta:
        """Each entry is added once and withdrawn once."""

        constraints = (models.UniqueConstraint(fields=("bank_entry", "operation"), name="fed_once"),)

    def __str__(self) -> str:
        return f"{self.operation} {self.entry}"


class Peer(models.Model):
    """An organisation that reads our feed."""

    name = models.CharField(max_length=100, unique=True)
    key_digest = models.CharField(max_length=64, unique=True)  # SHA-256 of a 256-bit random key
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
