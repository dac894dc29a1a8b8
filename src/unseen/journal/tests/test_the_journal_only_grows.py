import pytest
from django.db import DatabaseError, connection, transaction

from unseen.evidence.actions import keep
from unseen.evidence.models import Exhibit
from unseen.intake.tests.reports import NOON
from unseen.journal import actions
from unseen.journal.models import Entry

TABLES = ("journal_entry", "evidence_exhibit")


def write() -> Entry:
    return actions.write("item:thing:done", actions.about("item", 1), NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", ["UPDATE {} SET at = at", "DELETE FROM {}", "UPDATE {} SET digest = 'x'"])
def test_the_database_refuses_to_change_or_remove_a_row(table: str, sql: str) -> None:
    write()
    keep("reply", "Thank you", NOON)
    with (
        pytest.raises(DatabaseError, match=f"{table} only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))
    assert (Entry.objects.count(), Exhibit.objects.count()) == (1, 1)


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
