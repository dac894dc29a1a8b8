"""Many rows at once, without one Python object a row: for tables that only grow, and for columns that change together.

The worker writes a dozen rows for each item that it looks at, two hundred items at a time. Django's own way costs four times
the processor time (benchmarks/nation), most of it for values that nobody asks for again.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection, models

Row = Sequence[Any]


def append(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows in this order. `names`: of each value its field; others have a default in the database.

    Raises django.db's errors.
    """
    if not rows:
        return
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    values = _prepared(fields, rows)
    table, columns = _quoted(model._meta.db_table), ", ".join(_quoted(field.column) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)


def change(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Store these fields of rows of one table that exist, as they stand in memory. Raises django.db's errors."""
    if not rows or not names:
        return
    model = type(rows[0])
    fields: list[Any] = [model._meta.pk, *map(model._meta.get_field, names)]
    values = _prepared(fields, [[field.pre_save(row, add=False) for field in fields] for row in rows])
    table, (key, *columns) = _quoted(model._meta.db_table), [_quoted(field.column) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            news = ", ".join(f"{column} = v.{column}" for column in columns)
            arrays = ", ".join(f"%s::{_array_type(field)}" for field in fields)
            named = ", ".join((key, *columns))
            cursor.execute(
                f"UPDATE {table} AS t SET {news} FROM unnest({arrays}) AS v ({named}) WHERE t.{key} = v.{key}",
                [list(column) for column in zip(*values, strict=True)],
            )
        else:
            news = ", ".join(f"{column} = %s" for column in columns)
            cursor.executemany(
                f"UPDATE {table} SET {news} WHERE {key} = %s", [(*row[1:], row[0]) for row in values]
            )


def _prepared(fields: Sequence[Any], rows: Sequence[Row]) -> list[list[Any]]:
    """As the database takes them: SQLite knows neither times nor UUIDs."""
    ready = [field.get_db_prep_save for field in fields]
    return [[one(value, connection) for one, value in zip(ready, row, strict=True)] for row in rows]


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _array_type(field: Any) -> str:
    """Without a length: an explicit cast would cut a longer value, where the column refuses it."""
    target = field.target_field if field.is_relation else field
    return re.sub(r"\(\d+\)", "", str(target.rel_db_type(connection) or "")) + "[]"
