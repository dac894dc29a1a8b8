"""What reporters sent: fingerprints and locations. There is no column that could hold a picture or a file name."""

import uuid

from django.db import models
from django.db.models import Q

from unseen.domain.report import AgeBand, MaterialKind
from unseen.keys.fields import SealedBytes, SealedText
from unseen.leases import Leased


class Report(Leased):
    """What a reporter sent, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField()
    locator = models.CharField(max_length=16, unique=True)  # the public half of the receipt
    receipt_digest = models.CharField(max_length=200)  # of the secret half and the PIN
    age_band = models.CharField(max_length=10, choices=[(band, band) for band in AgeBand])
    may_share = models.BooleanField(default=False)  # consent: tell platforms the fingerprints
    may_watch = models.BooleanField(default=True)  # consent: search for copies at other places
    may_tell_police = models.BooleanField(default=False)  # consent: the centre may hand it to the police
    # Something changed that decides what the feed says of it: its consent, a withdrawal, what a look of ours found.
    feed_due = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    banked_at = models.DateTimeField(null=True, blank=True)
    unbanked_at = models.DateTimeField(null=True, blank=True)
    # Its key and what it sealed are gone; and then, what the database had left of them on the disk.
    destroyed_at = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Short queues: new ones, those not banked, to be taken out of the bank, to be destroyed, changed for the feed."""

        indexes = (
            models.Index(fields=("due_at",), name="report_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=("id",), name="report_not_banked", condition=Q(banked_at__isnull=True)),
            models.Index(
                fields=("id",),
                name="report_not_unbanked",
                condition=Q(withdrawn_at__isnull=False, unbanked_at__isnull=True),
            ),
            models.Index(
                fields=("withdrawn_at",),
                name="report_not_cleared",
                condition=Q(withdrawn_at__isnull=False, cleared_at__isnull=True),
            ),
            models.Index(fields=("id",), name="report_feed_due", condition=Q(feed_due=True)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True)
                | Q(withdrawn_at__isnull=False, unbanked_at__isnull=False),
                name="destroyed_after_withdrawal",
            ),
        )

    def __str__(self) -> str:
        return f"report {self.locator}"


class ReportedMaterial(models.Model):
    """One picture or video, known by its fingerprints only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="materials")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in MaterialKind])

    class Meta:
        """Numbered from 1 within the report."""

        constraints = (models.UniqueConstraint(fields=("report", "number"), name="material_number"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class ReportedFingerprint(models.Model):
    """One PDQ value of a material: a variant of a picture, or a frame of a video."""

    material = models.ForeignKey(ReportedMaterial, on_delete=models.CASCADE, related_name="fingerprints")
    pdq = SealedBytes()
    quality = models.PositiveSmallIntegerField()
    variant = models.CharField(max_length=60)
    at_s = models.FloatField(null=True, blank=True)

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.material.report_id


class ReportedLocation(models.Model):
    """One place where the reporter saw it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="locations")
    text = SealedText()
    mark = models.CharField(max_length=64, editable=False)  # of the text, under the report's key

    class Meta:
        """Each place once."""

        constraints = (models.UniqueConstraint(fields=("report", "mark"), name="location_once_per_report"),)

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.report_id


class Message(models.Model):
    """What the reporter and the centre write to each other. Text, never markup, never a file."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="messages")
    at = models.DateTimeField()
    from_centre = models.BooleanField()
    text = SealedText()

    class Meta:
        """Read in order."""

        indexes = (models.Index(fields=("report", "at"), name="message_by_report"),)

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.report_id
