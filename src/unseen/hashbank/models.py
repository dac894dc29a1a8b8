"""The hash bank: which fingerprints we search for, with why and since when. The folder beside it only speeds up."""

import uuid

from django.db import models
from django.db.models import Q

from unseen.intake.models import ReportedMaterial
from unseen.keys.fields import SealedBytes


class BankEntry(models.Model):
    """One fingerprint that is searched for."""

    material = models.ForeignKey(ReportedMaterial, on_delete=models.PROTECT, related_name="bank_entries")
    pdq = SealedBytes()
    quality = models.PositiveSmallIntegerField()
    variant = models.CharField(max_length=60)
    at_s = models.FloatField(null=True, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    # Whether the bank's folder holds this row's present state; False is work that is due.
    in_folder = models.BooleanField(default=False)

    class Meta:
        """Rows that the folder does not yet show, and those that were withdrawn."""

        indexes = (
            models.Index(fields=("id",), name="bank_not_in_folder", condition=Q(in_folder=False)),
            models.Index(fields=("id",), name="bank_removed", condition=Q(removed_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"bank entry {self.pk}"

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.material.report_id
