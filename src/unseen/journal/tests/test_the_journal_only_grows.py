from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from unseen.journal import actions
from unseen.journal.models import Entry

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def write() -> Entry:
    actions.write("item:thing:done", actions.about("item", 1), NOON)
    return Entry.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE {} SET at = at", "DELETE FROM {}", "UPDATE {} SET digest = 'x'"])
def test_the_database_refuses_to_change_or_remove_a_row(sql: str) -> None:
    write()
    with (
        pytest.raises(DatabaseError, match="journal_entry only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format("journal_entry"))
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_a_row_that_is_saved_again_or_deleted_is_refused() -> None:
    entry = write()
    for change in (entry.save, entry.delete):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_a_write_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="'item:thing:done' written outside"):
        write()
    assert not Entry.objects.exists()
