"""Notices, what became of them, and what every vantage found."""

import uuid

from django.db import models
from django.db.models import Q

from unseen.casework.models import Item
from unseen.domain.item import NoticeFacts, NoticeState
from unseen.domain.notice import Rung
from unseen.domain.recheck import FindingKind
from unseen.evidence.models import Exhibit
from unseen.keys.fields import SealedJson, SealedText
from unseen.leases import Leased


class Notice(Leased):
    """One formal request about one item, to one addressee. Its id is also the idempotency key and the Message-ID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index where another one does for it: a nation's notices are many, and each is changed several times.
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="notices", db_index=False)
    round = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=20, choices=[(rung, rung) for rung in Rung])
    addressee = models.CharField(max_length=100)  # key of the party
    channel = models.CharField(max_length=10)
    to = models.CharField(max_length=500)  # address or endpoint
    laws = models.JSONField()  # ids, the primary first
    language = models.CharField(max_length=5)
    subject = SealedText()
    body = SealedText()
    # For machines: laws with their versions and hours, and what was done before. As it stood when the text was written.
    particulars = SealedJson(default=dict)
    # In a batch one notice carries the others: its id is on the wire, its text names all their locations.
    carrier = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried", db_index=False
    )
    # Counts up when it goes out anew with other words, or because it was never loaded.
    edition = models.PositiveSmallIntegerField(default=0)
    # Of each edition of a batch that was on the wire: the ids of all notices that its text named, this one first.
    named = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in NoticeState])
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    deadline_law = models.CharField(max_length=60, blank=True, default="")
    deadline_law_version = models.CharField(max_length=40, blank=True, default="")
    # Of the ladder, where its own shorter target for the rung set the deadline; else the law's hours count.
    deadline_ladder_version = models.CharField(max_length=40, blank=True, default="")
    deadline_is_statutory = models.BooleanField(default=False)
    refused_at = models.DateTimeField(null=True, blank=True)
    says_removed_at = models.DateTimeField(null=True, blank=True)
    proof = models.ForeignKey(Exhibit, null=True, blank=True, on_delete=models.PROTECT, db_index=False)

    class Meta:
        """The queue of sends, and promises 3 and 8."""

        indexes = (
            models.Index(fields=("due_at", "id"), name="notice_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=("carrier",), name="notice_by_carrier", condition=Q(carrier__isnull=False)),
            models.Index(fields=("addressee", "received_at"), name="notice_by_addressee"),
        )
        constraints = (
            models.UniqueConstraint(fields=("item", "round", "rung", "addressee"), name="no_rung_twice"),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.SENT)
                | Q(
                    received_at__isnull=False,
                    deadline_at__isnull=False,
                    deadline_law_version__gt="",
                    proof__isnull=False,
                ),
                name="sent_notice_has_proof_and_deadline",
            ),
        )

    def __str__(self) -> str:
        return f"notice {self.pk}"

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.item.report_key

    @property
    def key(self) -> str:
        """Its id on the wire. A later edition has another: under the old one it would be taken for a replay."""
        return self.key_of(self.edition)

    def key_of(self, edition: int) -> str:
        """The id on the wire of one edition of it."""
        return f"{self.pk}-{edition}" if edition else str(self.pk)

    def facts(self) -> NoticeFacts:
        """This row as the domain sees it."""
        return NoticeFacts(
            Rung(self.rung),
            NoticeState(self.state),
            self.received_at,
            self.deadline_at,
            self.refused_at,
            self.says_removed_at,
        )


SAID_BY_STAFF = "staff "  # how a proof begins that is the word of a member of staff
NOT_LOADED = "not loaded"  # how an attempt ends that they took over and did not take up


class Attempt(models.Model):
    """One try to send a notice. A row without an end is a send that nobody saw finish."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attempts", db_index=False)
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """Numbered from 1."""

        constraints = (models.UniqueConstraint(fields=("notice", "number"), name="attempt_number"),)


class Reply(models.Model):
    """What came back about a notice, read once."""

    digest = models.CharField(max_length=64, unique=True)  # mark of the raw mail under the centre's key
    file = models.CharField(max_length=255, blank=True, default="")  # its name in the mailbox
    notice = models.ForeignKey(
        Notice, null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    kind = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT)


class Place(models.Model):
    """A further place where a look got the media of an item: there it may stay alive when the known one is gone."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="places", db_index=False)
    location = SealedText()
    mark = models.CharField(max_length=64, editable=False)  # of the location, under the report's key
    seen_at = models.DateTimeField()

    class Meta:
        """Each place once."""

        constraints = (models.UniqueConstraint(fields=("item", "mark"), name="place_once"),)

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.item.report_key


class Recheck(models.Model):
    """One look at an item from every vantage, and what they say together."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="rechecks", db_index=False)
    at = models.DateTimeField()
    round = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=100)
    conclusion = models.CharField(max_length=20, choices=[(kind, kind) for kind in FindingKind])

    class Meta:
        """Found by item, in order."""

        indexes = (models.Index(fields=("item", "at"), name="recheck_by_item"),)


class Finding(models.Model):
    """What one vantage found."""

    recheck = models.ForeignKey(Recheck, on_delete=models.CASCADE, related_name="findings", db_index=False)
    vantage = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in FindingKind])
    page = models.CharField(max_length=20)  # domain.recheck.PageSeen
    media = models.CharField(max_length=20)  # domain.recheck.MediaSeen
    is_proof = models.BooleanField(default=False)

    class Meta:
        """One finding a vantage."""

        constraints = (models.UniqueConstraint(fields=("recheck", "vantage"), name="one_finding_a_vantage"),)
