"""Reads of the journal: the life of one subject, and whether the chain still holds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unseen.journal import chain
from unseen.journal.actions import Subject
from unseen.journal.models import Entry


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, with its data read."""

    number: int
    at: datetime
    tag: str
    data: dict[str, Any]


def life_of(subject: Subject) -> list[Told]:
    """Everything that happened to the subject, in order."""
    entries = Entry.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by("id")
    return [Told(entry.pk, entry.at, entry.tag, json.loads(entry.data)) for entry in entries]


def entries_of_kind(kind: str) -> Iterator[tuple[str, Told]]:
    """(subject id, entry) of all subjects of one kind, in order."""
    for entry in Entry.objects.filter(subject_kind=kind).order_by("id").iterator(chunk_size=2_000):
        yield entry.subject_id, Told(entry.pk, entry.at, entry.tag, json.loads(entry.data))


def latest(count: int, *, before: int | None = None, kind: str = "") -> list[Entry]:
    """The latest entries, the newest first: all, those before a number, or those about one kind of thing."""
    rows = Entry.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list((rows.filter(subject_kind=kind) if kind else rows)[:count])


def latest_at() -> datetime | None:
    """When the last entry was written, by the clock of that moment."""
    return Entry.objects.order_by("-id").values_list("at", flat=True).first()


def first_broken_entry() -> int | None:
    """The number of the first entry that was edited, removed or slipped in; None when the chain holds."""
    previous = chain.FIRST
    for entry in Entry.objects.order_by("id").iterator(chunk_size=2_000):
        expected = chain.digest_of(
            previous, entry.at, entry.tag, entry.subject_kind, entry.subject_id, entry.data
        )
        if entry.previous != previous or entry.digest != expected:
            return entry.pk
        previous = entry.digest
    return None
