"""Exhibits: what proves a delivery, a reply or a finding. Text and headers only, never media."""

import hashlib
import uuid
from typing import cast

from django.db import models

from unseen.keys.box import Key, Sealed
from unseen.keys.fields import SealedText
from unseen.keys.queries import KeyGone


class Exhibit(models.Model):
    """One piece of evidence, append-only, with its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    content = SealedText()
    # SHA-256 of the content as it is stored, sealed: it proves that nothing changed, to one without the key as well.
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"

    @property
    def words(self) -> str:
        """What it says; nothing once its person withdrew and the key is gone."""
        try:
            return self.content
        except KeyGone:
            return ""

    @property
    def words_digest(self) -> str:
        """SHA-256 of what it says: for whoever is shown the words. `digest` is that of what is stored."""
        return hashlib.sha256(self.words.encode()).hexdigest()

    @classmethod
    def sealed_content(cls, text: str, key: Key) -> Sealed:
        """The text as it stands in the column: its digest is taken of that."""
        column = cast("SealedText", cls._meta.get_field("content"))
        return column.sealed(text, key)
