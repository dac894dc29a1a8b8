"""A database file of a test's own: what it commits stays, as the journal allows no removal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker


@contextmanager
def own_database(
    path: Path, blocker: DjangoDbBlocker, up_to: Sequence[tuple[str, str]] | None = None
) -> Iterator[None]:
    """A new database with all tables (or those of these migrations), in force until the block ends. SQLite only."""
    with blocker.unblock():
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = str(path)
        try:
            executor = MigrationExecutor(connection)
            executor.migrate(list(up_to) if up_to else executor.loader.graph.leaf_nodes())
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
