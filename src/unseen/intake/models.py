"""What reporters sent: fingerprints and locations. There is no column that could hold a picture or a file name."""

import uuid

from django.db import models
from django.db.models import Q

from unseen.domain.limits import MESSAGE_CHARACTERS_MAX
from unseen.domain.report import AgeBand, MaterialKind
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
    # The consent to share was given after the report was taken up: the feed must go back for its fingerprints.
    shared_late = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    banked_at = models.DateTimeField(null=True, blank=True)
    unbanked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Short queues: new ones, those not banked, those to be taken out of the bank, those shared late."""

        indexes = (
            models.Index(fields=("due_at",), name="report_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=("id",), name="report_not_banked", condition=Q(banked_at__isnull=True)),
            models.Index(
                fields=("id",),
                name="report_not_unbanked",
                condition=Q(withdrawn_at__isnull=False, unbanked_at__isnull=True),
            ),
            models.Index(fields=("id",), name="report_shared_late", condition=Q(shared_late=True)),
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
    pdq = models.BinaryField(max_length=32)
    quality = models.PositiveSmallIntegerField()
    variant = models.CharField(max_length=60)
    at_s = models.FloatField(null=True, blank=True)


class ReportedLocation(models.Model):
    """One place where the reporter saw it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="locations")
    text = models.CharField(max_length=2_048)

    class Meta:
        """Each place once."""

        constraints = (models.UniqueConstraint(fields=("report", "text"), name="location_once_per_report"),)


class Message(models.Model):
    """What the reporter and the centre write to each other. Text, never markup, never a file."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="messages")
    at = models.DateTimeField()
    from_centre = models.BooleanField()
    text = models.CharField(max_length=MESSAGE_CHARACTERS_MAX)

    class Meta:
        """Read in order."""

        indexes = (models.Index(fields=("report", "at"), name="message_by_report"),)
