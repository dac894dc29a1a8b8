"""A database file of a test's own: what it commits stays, as the journal allows no removal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker


@contextmanager
def own_database(path: Path, blocker: DjangoDbBlocker) -> Iterator[None]:
    """A new database with all tables, in force until the block ends. SQLite only."""
    with blocker.unblock():
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = str(path)
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
