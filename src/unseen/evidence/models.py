"""Exhibits: what proves a delivery, a reply or a finding. Text and headers only, never media."""

import uuid

from django.db import models


class Exhibit(models.Model):
    """One piece of evidence, append-only, with its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    content = models.TextField()
    digest = models.CharField(max_length=64)  # SHA-256 of the content in UTF-8

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"
