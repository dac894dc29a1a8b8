"""Where we search for copies, what we have seen there, and how long a host asked us to stay away."""

from django.db import models
from django.db.models import Q

from unseen.leases import Leased


class StartPage(Leased):
    """A public page from which we sweep for copies."""

    location = models.CharField(max_length=2_048, unique=True)
    swept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The queue of sweeps."""

        indexes = (
            models.Index(fields=("due_at",), name="start_page_due", condition=Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"start page {self.pk}"


class SeenPlace(models.Model):
    """A page or media location that was read, and against which bank. It is read again when either is old."""

    key = models.CharField(
        max_length=64, unique=True
    )  # mark of page and media location under the centre's key: no list of places
    seen_at = models.DateTimeField()
    bank_version = models.BigIntegerField()


class Backoff(models.Model):
    """A host answered 429 or 503 to one of our addresses: we stay away until then (RFC 9110, 10.2.3)."""

    host = models.CharField(max_length=255)
    seen_as = models.CharField(max_length=300)  # Vantage.seen_as: an address of ours, or a proxy
    until = models.DateTimeField()

    class Meta:
        """One row for each pair."""

        constraints = (models.UniqueConstraint(fields=("host", "seen_as"), name="backoff_once"),)
