"""Columns that hold sealed values: written and read as plain attributes of a row, opened only when somebody looks.

A row is sealed under the key of its `report_key`. A query that reads columns gets `Sealed` values, and nobody can filter by
one: what must be found has a column with a mark (`Key.mark`) beside it.
"""

import json
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from unseen.keys.box import EMPTY, Damaged, Key, Sealed
from unseen.keys.queries import key_of

T = TypeVar("T")

if TYPE_CHECKING:

    class _Column(models.Field[T | Sealed, T], Generic[T]):
        pass

else:

    class _Column(models.BinaryField, Generic[T]):
        pass


class _Attribute(DeferredAttribute):
    """Opens the value when it is read for the first time, and keeps the sealed one for the next write."""

    field: "SealedColumn[Any]"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if not isinstance(value, Sealed):
            return value
        known, opened = vars(instance), self._opened_name
        if opened not in known:
            owner = getattr(instance, "report_key", None)  # an exhibit names no report: its digest guards it
            if value and owner not in (None, value.owner):
                raise Damaged(f"a value in {self.field.bound_to} was moved here from another report's row")
            known[opened] = self.field.opened(value)
        return known[opened]

    def __set__(self, instance: models.Model, value: object) -> None:
        vars(instance).pop(self._opened_name, None)
        vars(instance)[self.field.attname] = value

    @property
    def _opened_name(self) -> str:
        return f"_opened_{self.field.attname}"


class SealedColumn(_Column[T]):
    """What all kinds of sealed columns share."""

    descriptor_class = _Attribute

    @abstractmethod
    def encode(self, value: T) -> bytes:
        """The value as bytes; nothing for an empty one."""

    @abstractmethod
    def decode(self, data: bytes) -> T:
        """The value of these bytes."""

    @property
    def bound_to(self) -> str:
        """What a value of this column is bound to."""
        return f"{self.model._meta.db_table}.{self.column}"  # noqa: SLF001 - Django's documented way to a table's name

    def sealed(self, value: T, key: Key) -> Sealed:
        """The value as it stands in the table. An empty one is stored as nothing."""
        data = self.encode(value)
        return key.seal(self.bound_to, data) if data else EMPTY

    def opened(self, value: Sealed) -> T:
        """The value in clear. Raises KeyGone, and Damaged."""
        return self.decode(key_of(value.owner).open(self.bound_to, value) if value else b"")

    def get_default(self) -> Any:
        """As it was given: only in the table is it bytes."""
        return models.Field.get_default(self)

    def from_db_value(self, value: Any, expression: object, connection: object) -> Sealed | None:
        """Sealed, as it is stored."""
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: Any, add: bool) -> Sealed | None:
        """Seal what was set since the row was read; anything else goes back as it came."""
        value = vars(model_instance).get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        # An empty value needs no key, and nobody has to ask whose it would be.
        sealed = self.sealed(value, key_of(model_instance.report_key)) if value else EMPTY
        setattr(model_instance, self.attname, sealed)
        vars(model_instance)[f"_opened_{self.attname}"] = value
        return sealed

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Refuse what would reach the database in clear."""
        if not value:
            value = None if value is None else EMPTY
        elif not isinstance(value, Sealed):
            raise TypeError(
                f"{self.bound_to} is sealed: store it by saving its row, and find it by its mark, not by its value"
            )
        return super().get_db_prep_value(value, connection, prepared)


class SealedText(SealedColumn[str]):
    """Words."""

    def encode(self, value: str) -> bytes:
        """UTF-8."""
        return value.encode()

    def decode(self, data: bytes) -> str:
        """UTF-8."""
        return data.decode()


class SealedBytes(SealedColumn[bytes]):
    """Bytes as they are."""

    def encode(self, value: bytes) -> bytes:
        """As they are."""
        return bytes(value)

    def decode(self, data: bytes) -> bytes:
        """As they are."""
        return data


class SealedJson(SealedColumn[dict[str, Any]]):
    """An object."""

    def encode(self, value: dict[str, Any]) -> bytes:
        """JSON; an empty object is nothing."""
        return json.dumps(value, separators=(",", ":")).encode() if value else b""

    def decode(self, data: bytes) -> dict[str, Any]:
        """From JSON."""
        found: dict[str, Any] = json.loads(data) if data else {}
        return found
