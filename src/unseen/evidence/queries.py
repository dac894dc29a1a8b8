"""Reads of evidence."""

import hashlib
from typing import cast

from unseen.evidence.models import Exhibit
from unseen.keys.box import Sealed


def first_altered_exhibit() -> str | None:
    """The id of an exhibit whose content no longer fits its digest; None when all do."""
    rows = Exhibit.objects.order_by("at", "id").values_list("pk", "content", "digest")
    for pk, sealed, digest in rows.iterator(chunk_size=500):
        if hashlib.sha256(cast("Sealed", sealed)).hexdigest() != digest:
            return str(pk)
    return None
