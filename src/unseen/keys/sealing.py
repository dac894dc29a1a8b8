"""A step of a migration: what stood in clear in a column is sealed into a new one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython

from unseen.keys.box import EMPTY, Key
from unseen.keys.centre import NOBODY
from unseen.keys.queries import key_of

ROWS_AT_ONCE = 1_000

Sealing = Callable[[Key, Any], bytes | str]


def fill_column(
    model: tuple[str, str], source: tuple[str, ...], target: str, report: str, make: Sealing
) -> RunPython:
    """Fill `target` of each row with what `make` gives for the report's key and the source columns.

    `report`: the way from a row to its report's id, as a query spells it.
    """

    def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        rows = apps.get_model(*model).objects.order_by("pk")
        table = rows.model._meta  # noqa: SLF001 - Django's documented way to a table's name
        last = None
        column, key_column = (editor.quote_name(name) for name in (target, table.pk.column))
        update = f"UPDATE {editor.quote_name(table.db_table)} SET {column} = %s WHERE {key_column} = %s"  # noqa: S608 - names of our own, quoted
        while True:
            later = rows if last is None else rows.filter(pk__gt=last)
            lot = list(later.values_list("pk", report, *source)[:ROWS_AT_ONCE])
            if not lot:
                return
            last = lot[-1][0]
            values = [
                (make(key_of(owner or NOBODY), values), _as_stored(table.pk, pk, editor))
                for pk, owner, *values in lot
            ]
            with editor.connection.cursor() as cursor:
                cursor.executemany(update, values)

    return RunPython(fill)


def sealed_text(column: str) -> Sealing:
    """How one text is sealed for `table.column`."""
    return lambda key, values: key.seal(column, values[0].encode()) if values[0] else EMPTY


def sealed_bytes(column: str) -> Sealing:
    """How bytes are sealed for `table.column`."""
    return lambda key, values: key.seal(column, bytes(values[0])) if values[0] else EMPTY


def marked(key: Key, values: tuple[str, ...]) -> str:
    """The mark of some texts."""
    return key.mark(*values)


def _as_stored(column: Any, value: UUID | int, editor: BaseDatabaseSchemaEditor) -> Any:
    return column.get_db_prep_value(value, editor.connection)
