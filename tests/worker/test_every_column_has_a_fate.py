"""docs/privacy.md says of every column of words or bytes what becomes of it when its person withdraws."""

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from unseen.keys.fields import SealedColumn

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
FATES = {"sealed", "deleted", "emptied", "kept", "other"}
TELLING = (
    models.CharField,
    models.TextField,
    models.BinaryField,
    models.JSONField,
    models.GenericIPAddressField,
)
_ROW = re.compile(r"^\| `(\w+\.\w+)` \| (\w+) \| ?(.*?) ?\|$", re.MULTILINE)


def told() -> dict[str, tuple[str, str]]:
    """Column: its fate and the reason."""
    return {column: (fate, why) for column, fate, why in _ROW.findall(PAGE.read_text(encoding="utf-8"))}


def columns() -> dict[str, "models.Field[object, object]"]:
    """Every column of every table that could hold words or bytes."""
    return {
        f"{model._meta.db_table}.{column.column}": column
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.concrete_fields
        if isinstance(column, TELLING)
    }


def test_every_column_of_words_or_bytes_has_a_row() -> None:
    assert columns().keys() - told().keys() == set(), "say in docs/privacy.md what becomes of it"


def test_every_row_is_a_column() -> None:
    assert told().keys() - columns().keys() == set()


def test_what_is_called_sealed_is_sealed_and_nothing_else_is() -> None:
    sealed = {name for name, column in columns().items() if isinstance(column, SealedColumn)}
    assert {name for name, (fate, _) in told().items() if fate == "sealed"} == sealed


def test_every_fate_is_one_of_five_and_what_is_kept_has_a_reason() -> None:
    assert {fate for fate, _ in told().values()} <= FATES
    assert [name for name, (fate, why) in told().items() if fate in ("kept", "other") and not why] == []
