"""Writes about keys: make one, and destroy one. The caller's transaction and journal entry hold them."""

import os
from collections.abc import Iterable, Sequence
from uuid import UUID

from unseen.keys import queries
from unseen.keys.box import KEY_BYTES, key_from
from unseen.keys.centre import wrap
from unseen.keys.models import CaseKey
from unseen.keys.ring import RING


def make(owners: Sequence[UUID]) -> None:
    """A key for each of these new reports. Raises WrongCentreKey: two centre keys must never wrap one centre's keys.

    Their ids are new, so a transaction that fails leaves no wrong key at hand: nobody asks for it again.
    """
    queries.fits_the_centre()
    rows = []
    for owner in owners:
        secret = os.urandom(KEY_BYTES)
        rows.append(CaseKey(report=owner, wrapped=wrap(owner, secret)))
        RING.put(key_from(owner, secret))
    CaseKey.objects.bulk_create(rows)


def destroy(owner: UUID) -> None:
    """Overwrite the wrapped key, then remove its row. What it sealed is noise from now on."""
    found = CaseKey.objects.filter(pk=owner)
    found.update(wrapped=os.urandom(60))
    found.delete()
    RING.drop(owner)


def bring_back(keys: Iterable[tuple[UUID, bytes]]) -> None:
    """Store keys from a backup. Those that are there already stay as they are."""
    rows = [CaseKey(report=owner, wrapped=wrapped) for owner, wrapped in keys]
    CaseKey.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
