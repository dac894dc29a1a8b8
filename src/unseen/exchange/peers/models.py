"""What peers gave us: never mixed with the bank of cases, never in our own feed."""

from django.db import models
from django.db.models import Q

from unseen.exchange.peers.record import PeerKind, Reason
from unseen.keys.centre import NOBODY
from unseen.keys.fields import SealedBytes, SealedText


class PeerSource(models.Model):
    """Whose list it is, and how far we have read it."""

    name = models.CharField(max_length=100, unique=True)
    cursor = models.CharField(max_length=4_096, blank=True)  # in the peer's own form
    read_at = models.DateTimeField(null=True, blank=True)
    passed_over = models.BigIntegerField(default=0)  # records of kinds that we do not search
    # A record that names itself by nothing that can be read holds the cursor back; so often in a row.
    held_back = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class PeerEntry(models.Model):
    """One fingerprint that a peer gave us."""

    source = models.ForeignKey(PeerSource, on_delete=models.PROTECT, related_name="entries", db_index=False)
    key_mark = models.CharField(max_length=64)  # of their name for it, which may be the fingerprint itself
    theirs = SealedText()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in PeerKind])
    value = SealedBytes()  # nothing once it is withdrawn
    quality = models.PositiveSmallIntegerField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)
    changed_at = models.BigIntegerField(default=0)  # Unix seconds by the peer's clock; 0 where it tells none
    added_at = models.DateTimeField()
    # Whether the folder that is searched holds this row's present state; False is work that is due.
    in_folder = models.BooleanField(default=False)
    report_key = NOBODY  # sealed under the centre's own key

    class Meta:
        """A peer's name for it is given once; what is withdrawn has no fingerprint any more."""

        constraints = (
            models.UniqueConstraint(fields=("source", "key_mark"), name="peer_entry_once"),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(value=b""), name="peer_withdrawn_is_empty"
            ),
        )
        indexes = (models.Index(fields=("id",), name="peer_not_in_folder", condition=Q(in_folder=False)),)

    def __str__(self) -> str:
        return f"peer entry {self.pk}"


class Quarantined(models.Model):
    """A record that was put aside: never searched, kept as a digest, counted."""

    source = models.ForeignKey(
        PeerSource, on_delete=models.PROTECT, related_name="quarantined", db_index=False
    )
    key_mark = models.CharField(max_length=64, blank=True)  # empty where it has no name that can be read
    theirs = SealedText(default=str)
    reason = models.CharField(max_length=20, choices=[(reason, reason) for reason in Reason])
    digest = models.CharField(max_length=64)  # SHA-256 of the record as it was last sent
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    report_key = NOBODY  # sealed under the centre's own key

    class Meta:
        """By its name; those without one are one row for each reason."""

        constraints = (
            models.UniqueConstraint(fields=("source", "key_mark", "reason"), name="quarantined_once"),
        )

    def __str__(self) -> str:
        return f"quarantined {self.pk}"


class Pushed(models.Model):
    """One fingerprint of a peer's list that we put into a bank of the peer's own service."""

    peer = models.ForeignKey("exchange.Peer", on_delete=models.PROTECT, related_name="+", db_index=False)
    bank = models.CharField(max_length=255)  # at the peer
    name = models.CharField(max_length=40)  # of the entry in the peer's list, and the part
    content = models.BigIntegerField(null=True)  # its id at the peer; nothing while that is not known
    begun_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        """Put there once."""

        constraints = (models.UniqueConstraint(fields=("peer", "bank", "name"), name="pushed_once"),)

    def __str__(self) -> str:
        return f"pushed {self.pk}"


class FetchBegun(models.Model):
    """How long a peer's list was when a fetch over StopNCII's routes began: such a fetch is named by its second only."""

    peer = models.ForeignKey("exchange.Peer", on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.BigIntegerField()  # Unix time
    size = models.BigIntegerField()  # lines

    class Meta:
        """Two in one second began at the shorter list."""

        constraints = (models.UniqueConstraint(fields=("peer", "second"), name="fetch_begun_once"),)

    def __str__(self) -> str:
        return f"fetch of {self.second}"
