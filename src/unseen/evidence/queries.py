"""Reads of evidence."""

import hashlib

from unseen.evidence.models import Exhibit


def first_altered_exhibit() -> str | None:
    """The id of an exhibit whose content no longer fits its digest; None when all do."""
    for exhibit in Exhibit.objects.order_by("at", "id").iterator(chunk_size=500):
        if hashlib.sha256(exhibit.content.encode()).hexdigest() != exhibit.digest:
            return str(exhibit.pk)
    return None
