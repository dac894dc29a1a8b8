"""Our feed: what is shared, a list of its own for every peer, the keys that sign them, and what peers answer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from unseen.accounts.models import Approval
from unseen.domain.feed import EntryState, Level, LineAction, Scope, Verdict
from unseen.exchange.peers.models import FetchBegun, PeerEntry, PeerSource, Pushed, Quarantined
from unseen.hashbank.models import BankEntry
from unseen.intake.models import ReportedMaterial
from unseen.keys.centre import NOBODY
from unseen.keys.fields import SealedBytes, SealedText

__all__ = [
    "FetchBegun",
    "PeerEntry",
    "PeerSource",
    "Pushed",
    "Quarantined",
]  # Django finds a stage's tables here


class Peer(models.Model):
    """An organisation that reads our feed. Each has a list of its own: nothing in it leads to another peer's."""

    name = models.CharField(max_length=100, unique=True)
    # SHA-256 of a 256-bit random key; nothing where it signs its requests instead (RFC 9421).
    key_digest = models.CharField(max_length=64, unique=True, null=True)
    public_key = models.CharField(max_length=64, unique=True, null=True)  # Ed25519, hex
    scopes = models.CharField(max_length=100)  # of Scope, with a space between
    level_min = models.PositiveSmallIntegerField(default=Level.SELF_ASSERTED)
    feed = models.CharField(max_length=32, unique=True)  # 128 random bits
    secret = SealedBytes()  # 32 bytes: names of entries, marks and canaries are made from it
    told = models.BigIntegerField(default=0)  # every change of an entry up to this number is in its list
    report_key = NOBODY  # sealed under the centre's own key
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Who reads must be able to show who it is."""

        constraints = (
            models.CheckConstraint(
                condition=Q(key_digest__isnull=False) | Q(public_key__isnull=False), name="peer_has_a_key"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def may(self, scope: Scope) -> bool:
        """Whether its key was given for this."""
        return scope in self.scopes.split()


class FeedEntry(models.Model):
    """One thing that peers may match: a picture's fingerprint, or all frames of a film in one form. Withdrawal is final."""

    material = models.ForeignKey(ReportedMaterial, on_delete=models.PROTECT, related_name="feed_entries")
    # A picture's; nothing for a film, whose frames are all bank entries of this material in this form.
    bank_entry = models.ForeignKey(
        BankEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="feed_entries"
    )
    variant = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=[(level, level.name) for level in Level])
    action = models.PositiveSmallIntegerField(choices=[(action, action.name) for action in LineAction])
    state = models.CharField(max_length=10, choices=[(state, state) for state in EntryState])
    added_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    change = models.BigIntegerField(unique=True)  # numbers every change of any entry, in order

    class Meta:
        """A thing is shared once at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("bank_entry",),
                condition=Q(bank_entry__isnull=False) & ~Q(state=EntryState.WITHDRAWN),
                name="picture_shared_once",
            ),
            models.UniqueConstraint(
                fields=("material", "variant"),
                condition=Q(bank_entry__isnull=True) & ~Q(state=EntryState.WITHDRAWN),
                name="film_shared_once",
            ),
        )

    def __str__(self) -> str:
        return f"feed entry {self.pk}"


class FeedLine(models.Model):
    """One line of one peer's list. Its value stands nowhere: it is made from the bank entry when the line is served."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="lines", db_index=False)
    sequence = models.BigIntegerField()  # from 0, without a gap
    # Nothing for a canary, which is made from the peer's secret.
    feed_entry = models.ForeignKey(
        FeedEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    bank_entry = models.ForeignKey(
        BankEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="feed_lines", db_index=False
    )
    open = models.BinaryField(max_length=40)  # the first 40 bytes, as they travel (unseen.feed.lines)
    salt = models.BinaryField(max_length=16)  # empty once the value is erased
    commitment = models.BinaryField(max_length=32)  # to salt and value; nothing where there is no value

    class Meta:
        """Numbered in its list, and found by what it is about."""

        constraints = (models.UniqueConstraint(fields=("peer", "sequence"), name="line_numbered_once"),)
        indexes = (models.Index(fields=("feed_entry", "peer"), name="line_by_entry"),)

    def __str__(self) -> str:
        return f"line {self.sequence}"


class FeedBatch(models.Model):
    """What was appended to a list at once: pages end here, since the tree's root is known here."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="batches", db_index=False)
    end = models.BigIntegerField()  # how many lines the list has after it
    roots = models.BinaryField()  # of the full subtrees, 32 bytes each, the widest first (RFC 6962, 2.1)
    at = models.DateTimeField()

    class Meta:
        """Numbered by their ends."""

        constraints = (models.UniqueConstraint(fields=("peer", "end"), name="batch_ends_once"),)

    def __str__(self) -> str:
        return f"batch up to line {self.end}"


class SigningKey(models.Model):
    """A key that signs pages. Its private half is sealed under the centre's own key, so no backup opens it."""

    public = models.CharField(max_length=64, unique=True)  # Ed25519, hex
    private = SealedBytes()
    signs_from = models.DateTimeField()  # announced before that, so that every follower knows it
    until = models.DateTimeField()
    made_at = models.DateTimeField()
    report_key = NOBODY  # sealed under the centre's own key

    def __str__(self) -> str:
        return f"signing key {self.pk}"


class SeenNonce(models.Model):
    """A signed request that was accepted: it is not accepted a second time (RFC 9421, 7.2.2)."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        """Once for each peer."""

        constraints = (models.UniqueConstraint(fields=("peer", "nonce"), name="nonce_once"),)

    def __str__(self) -> str:
        return f"nonce of {self.peer_id}"


class Feedback(models.Model):
    """What a peer said about an entry, once for each verdict. No number of uploads, no uploader."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="feedback", db_index=False)
    feed_entry = models.ForeignKey(FeedEntry, on_delete=models.PROTECT, related_name="feedback")
    verdict = models.CharField(max_length=20, choices=[(verdict, verdict) for verdict in Verdict])
    at = models.DateTimeField()

    class Meta:
        """The same said twice is said once."""

        constraints = (
            models.UniqueConstraint(fields=("peer", "feed_entry", "verdict"), name="feedback_once"),
        )

    def __str__(self) -> str:
        return f"{self.verdict} on feed entry {self.feed_entry_id}"


class Dispute(models.Model):
    """Peers doubt an entry: it is suspended everywhere until a person upholds the doubt or lifts it."""

    feed_entry = models.ForeignKey(FeedEntry, on_delete=models.PROTECT, related_name="disputes")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    upheld = models.BooleanField(default=False)

    class Meta:
        """One at a time, and the few that wait for a person are found at once."""

        constraints = (
            models.UniqueConstraint(
                fields=("feed_entry",), condition=Q(decided_at__isnull=True), name="one_open_dispute"
            ),
        )

    def __str__(self) -> str:
        return f"dispute {self.pk}"


class Verification(models.Model):
    """Why a material stands higher than its reporter's word: two members of staff, or a legal order that they recorded."""

    material = models.ForeignKey(ReportedMaterial, on_delete=models.PROTECT, related_name="verifications")
    level = models.PositiveSmallIntegerField(choices=[(level, level.name) for level in Level])
    document = SealedText(default=str)  # what the legal order is called
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)  # the feed knows what was decided

    class Meta:
        """The few that the feed does not know yet."""

        indexes = (
            models.Index(
                fields=("id",), name="verification_not_settled", condition=Q(settled_at__isnull=True)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(level__gte=Level.ORGANISATION), name="verification_is_of_two_people"
            ),
        )

    def __str__(self) -> str:
        return f"verification {self.pk}"

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.material.report_id
