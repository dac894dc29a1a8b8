"""Reads of keys: open one, or all that some rows need in one question."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from unseen.keys.box import Key, Sealed
from unseen.keys.centre import NOBODY, own_key, unwrap
from unseen.keys.models import CaseKey
from unseen.keys.ring import RING

ASKED_AT_ONCE = 500  # SQLite takes no endless lists of values
WARMED_AT_ONCE = 1_000  # fewer than a process keeps open keys

M = TypeVar("M", bound=Model)


class KeyGone(Exception):
    """A report's key is destroyed, or was never made: what it sealed cannot be read."""


def key_of(owner: UUID) -> Key:
    """The open key of a report. Raises KeyGone and WrongCentreKey."""
    if owner == NOBODY:
        return own_key()
    key = RING.get(owner)
    if key is None:
        key = next(_opened([owner]), None)
    if key is None:
        raise KeyGone(
            f"the key of report {owner} is gone: the person withdrew, or case keys are missing after a restore"
        )
    return key


def lives(owner: UUID) -> bool:
    """Whether the report's key can still open anything. Asks the table: another process may have destroyed it."""
    return CaseKey.objects.filter(report=owner).exists()


def warm(rows: Iterable[Model]) -> None:
    """Open the keys of all these rows at once, where a handful is about to be read. Gone ones are left out."""
    sealed = (value for row in rows for value in vars(row).values() if isinstance(value, Sealed) and value)
    told = {value.owner_bytes for value in sealed}  # one that is cut short says so when it is opened
    owners = {UUID(bytes=owner) for owner in told if len(owner) == len(NOBODY.bytes)} - {NOBODY}
    missing = [owner for owner in owners if RING.get(owner) is None]
    for start in range(0, len(missing), ASKED_AT_ONCE):
        for _ in _opened(missing[start : start + ASKED_AT_ONCE]):
            pass


def warmed(rows: QuerySet[M]) -> Iterator[M]:
    """All these rows, some thousands at a time, the keys of each lot opened by one question."""
    left = rows.iterator(chunk_size=WARMED_AT_ONCE)
    while lot := list(islice(left, WARMED_AT_ONCE)):
        warm(lot)
        yield from lot


def fits_the_centre() -> bool:
    """Whether the key file opens what is stored: one key is tried. Raises WrongCentreKey where it does not."""
    row = CaseKey.objects.first()
    return row is None or unwrap(row.report, bytes(row.wrapped)) is not None


def all_wrapped() -> Iterator[tuple[UUID, bytes]]:
    """Every key as it is stored, for the backup of keys."""
    for owner, wrapped in (
        CaseKey.objects.order_by("pk").values_list("pk", "wrapped").iterator(chunk_size=5_000)
    ):
        yield owner, bytes(wrapped)


def _opened(owners: list[UUID]) -> Iterator[Key]:
    for owner, wrapped in CaseKey.objects.filter(pk__in=owners).values_list("pk", "wrapped"):
        key = unwrap(owner, bytes(wrapped))
        RING.put(key)
        yield key
