"""The journal: an append-only, chained record of what happened (promise 7)."""

from django.db import models


class Entry(models.Model):
    """One thing that happened. Ids, enums, counts and rules only: never a location, a name or free text."""

    at = models.DateTimeField()
    tag = models.CharField(max_length=60)  # subject:thing:past participle
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    data = models.TextField()  # canonical JSON
    previous = models.CharField(max_length=64)  # digest of the entry before
    digest = models.CharField(max_length=64)  # of this one; as `previous` of the next it is there once

    class Meta:
        """Found by subject, in order."""

        indexes = (models.Index(fields=("subject_kind", "subject_id", "id"), name="journal_by_subject"),)
        constraints = (models.UniqueConstraint(fields=("previous",), name="journal_never_forks"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.tag} {self.subject_kind} {self.subject_id}"
