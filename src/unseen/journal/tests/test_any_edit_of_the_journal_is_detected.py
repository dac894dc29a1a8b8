from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from unseen.journal import actions, chain
from unseen.journal.models import Entry
from unseen.journal.queries import first_broken_entry

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture
def five() -> list[int]:
    """The numbers of five entries, with the triggers dropped, as by somebody who owns the database."""
    for number in range(5):
        at = NOON + timedelta(hours=number)
        actions.write("item:thing:done", actions.about("item", number), at, count=number)
    drops = ["DROP TRIGGER journal_entry_no_update", "DROP TRIGGER journal_entry_no_delete"]
    if connection.vendor == "postgresql":
        drops = ["DROP TRIGGER journal_entry_only_grows ON journal_entry"]
    for drop in drops:
        run(drop)
    return list(Entry.objects.order_by("id").values_list("id", flat=True))


def run(sql: str, *values: str | int | datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_untouched_journal_holds(five: list[int]) -> None:
    assert first_broken_entry() is None
    assert Entry.objects.count() == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", NOON),
        ("tag", "item:thing:undone"),
        ("subject_kind", "case"),
        ("subject_id", "99"),
        ("data", '{"count":7}'),
        ("previous", "f" * 64),
        ("digest", "f" * 64),
    ],
)
def test_an_edit_of_any_column_breaks_the_chain_there(
    five: list[int], column: str, value: str | datetime
) -> None:
    stored = (
        value.isoformat(sep=" ") if isinstance(value, datetime) and connection.vendor == "sqlite" else value
    )
    run(f"UPDATE journal_entry SET {column} = %s WHERE id = %s", stored, five[2])  # noqa: S608 - our own columns
    assert first_broken_entry() == five[2]


def test_an_edit_with_a_new_digest_breaks_the_chain_at_the_next_entry(five: list[int]) -> None:
    entry = Entry.objects.get(pk=five[2])
    forged = chain.digest_of(entry.previous, entry.at, entry.tag, "item", "77", entry.data)
    run("UPDATE journal_entry SET subject_id = '77', digest = %s WHERE id = %s", forged, five[2])
    assert first_broken_entry() == five[3]


@pytest.mark.parametrize("place", [0, 2])
def test_a_removal_breaks_the_chain_at_the_next_entry(five: list[int], place: int) -> None:
    run("DELETE FROM journal_entry WHERE id = %s", five[place])
    assert first_broken_entry() == five[place + 1]


def test_an_entry_slipped_in_breaks_the_chain(five: list[int]) -> None:
    run("UPDATE journal_entry SET id = id + 1000 WHERE id > %s", five[2])
    entry = Entry.objects.get(pk=five[2])
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(
            pk=five[2] + 1, previous=entry.digest, digest="e" * 64, at=NOON, tag="x", data="{}"
        )
    digest = chain.digest_of("e" * 64, NOON, "item:thing:done", "item", "1", "{}")
    forged = Entry(
        pk=five[2] + 1, at=NOON, tag="item:thing:done", subject_kind="item", subject_id="1", data="{}"
    )
    forged.previous, forged.digest = "e" * 64, digest
    forged.save(force_insert=True)
    assert first_broken_entry() == five[2] + 1


def test_two_entries_that_change_places_break_the_chain(five: list[int]) -> None:
    for old, new in ((five[1], 900), (five[3], five[1]), (900, five[3])):
        run("UPDATE journal_entry SET id = %s WHERE id = %s", new, old)
    assert first_broken_entry() == five[1]
