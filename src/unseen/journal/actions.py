"""The only way into the journal: entries, in the transaction of the change that they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from unseen import bulk
from unseen.journal import chain
from unseen.journal.models import Entry

# One writer at a time extends the chain on PostgreSQL; SQLite has one writer anyway.
_CHAIN_LOCK = 0x756E7365656E
_COLUMNS = ("at", "tag", "subject_kind", "subject_id", "data", "previous", "digest")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about."""

    kind: str
    id: str


def about(kind: str, key: object) -> Subject:
    """The subject with this kind and primary key."""
    return Subject(kind, str(key))


def one_at_a_time() -> None:
    """Until this transaction ends, no other one writes the journal: rows added now are seen in the order of their ids."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])


@dataclass(frozen=True, slots=True)
class Line:
    """What one entry will tell."""

    tag: str
    subject: Subject
    data: Mapping[str, Any]


def write(tag: str, subject: Subject, now: datetime, **data: Any) -> None:
    """Append one entry. Must be called inside the transaction that makes the change."""
    write_all([Line(tag, subject, data)], now)


def write_all(lines: Sequence[Line], now: datetime) -> None:
    """Append entries in this order: one look for the end of the chain and one insert, however many they are."""
    if not lines:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            f"journal entry '{lines[0].tag}' written outside a transaction"
        )
    one_at_a_time()
    last = Entry.objects.order_by("-id").values_list("digest", flat=True).first() or chain.FIRST
    entries = []
    for line in lines:
        text, subject = chain.canonical(line.data), line.subject
        digest = chain.digest_of(last, now, line.tag, subject.kind, subject.id, text)
        entries.append((now, line.tag, subject.kind, subject.id, text, last, digest))
        last = digest
    bulk.append(Entry, _COLUMNS, entries)
