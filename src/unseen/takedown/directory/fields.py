"""Read typed fields out of one data file and note every fault instead of stopping at the first."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from unseen.takedown.directory.problems import Problem

FILE_SIZE_BYTES_MAX = 65_536  # the longest entry we ship has 2 kB; anything near this is the wrong file
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
COUNTRY = re.compile(r"[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# One plain address: no display name, no list, no quoting, nothing that could start a second header.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

Choice = TypeVar("Choice", bound=StrEnum)
_REQUIRED = object()


def read_toml(file: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """The table of one file, or None with a problem noted."""
    try:
        size = file.stat().st_size
        if size <= FILE_SIZE_BYTES_MAX:
            return tomllib.loads(file.read_text("utf-8"))
        fault = f"it has {size} bytes, more than {FILE_SIZE_BYTES_MAX}"
    except (OSError, ValueError) as error:
        fault = str(error)
    problems.append(Problem(file, "file", f"cannot be read: {fault}", "make it a small UTF-8 TOML file"))
    return None


class Fields:
    """The fields of one file. Each `take` removes a field; `finish` complains about what is left over."""

    def __init__(self, file: Path, table: dict[str, Any], problems: list[Problem], place: str = "") -> None:
        self.file = file
        self._place = place
        self._table = dict(table)
        self._problems = problems

    def bad(self, field: str, what: str, cure: str) -> None:
        """Note one fault of this file."""
        self._problems.append(Problem(self.file, f"{self._place}{field}", what, cure))

    def finish(self) -> None:
        """Every field that nobody asked for is a typing error."""
        for name in self._table:
            self.bad(name, "no such field", "correct its spelling or delete it")

    def text(self, field: str, default: str | None = None) -> str:
        """One line of text."""
        value = self._take(field, _REQUIRED if default is None else default)
        if value is _REQUIRED:
            return ""
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.bad(field, "is not a text", 'write it as "..."')
            return ""
        if not value.isprintable():
            self.bad(field, "holds a line break or a control character", "write it on one line")
            return ""
        return value

    def matching(self, field: str, pattern: re.Pattern[str], example: str, default: str | None = None) -> str:
        """A text of a fixed form; an absent one with a default stays the default."""
        value = self.text(field, default)
        if value and value != default and not pattern.fullmatch(value):
            self.bad(field, f"{value!r} has the wrong form", f"write it like {example!r}")
        return value

    def texts(self, field: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts, each once."""
        value = self._take(field, _REQUIRED if default is None else default)
        if value is _REQUIRED:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one for one in value):
            self.bad(field, "is not a list of texts", 'write it as ["...", "..."]')
            return ()
        if len(set(value)) != len(value):
            self.bad(field, "names something twice", "name each once")
        return tuple(value)

    def texts_matching(
        self, field: str, pattern: re.Pattern[str], example: str, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of texts of a fixed form."""
        values = self.texts(field, default)
        for value in values:
            if not pattern.fullmatch(value):
                self.bad(field, f"{value!r} has the wrong form", f"write it like {example!r}")
        return values

    def choice(
        self, field: str, kind: type[Choice], fallback: Choice, default: Choice | None = None
    ) -> Choice:
        """One word of a fixed list; an absent one with a default is the default."""
        word = self.text(field, None if default is None else default.value)
        return self.choices_of(field, [word], kind, fallback)[0]

    def choices(self, field: str, kind: type[Choice]) -> frozenset[Choice]:
        """Some words of a fixed list, at least one."""
        values = self.texts(field)
        if not values:
            self.bad(field, "is empty", f"name at least one of {', '.join(kind)}")
        return frozenset(self.choices_of(field, values, kind, next(iter(kind))))

    def choices_of(
        self, field: str, values: Iterable[str], kind: type[Choice], fallback: Choice
    ) -> list[Choice]:
        """Each value as its word; a wrong one is noted and read as `fallback`."""
        words = []
        for value in values:
            if value not in set(kind):
                self.bad(field, f"{value!r} is not known", f"use one of {', '.join(kind)}")
            words.append(kind(value) if value in set(kind) else fallback)
        return words

    def hours(self, field: str) -> int | None:
        """A whole number of hours of at least one, or nothing."""
        return self.count(field, 24 * 366)

    def count(self, field: str, most: int) -> int | None:
        """A whole number of at least one, or nothing."""
        value = self._take(field, None)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self.bad(field, f"{value!r} is not such a number", f"write a whole number from 1 to {most}")
            return None
        return value

    def flag(self, field: str) -> bool:
        """True or false; false when absent."""
        value = self._take(field, False)
        if not isinstance(value, bool):
            self.bad(field, f"{value!r} is neither true nor false", "write true or false")
        return value is True

    def inner(self, field: str) -> "Fields":
        """The fields of one table of this file; an absent one is empty."""
        value = self._take(field, {})
        if not isinstance(value, dict):
            self.bad(field, "is not a table", "write it as {name = ...}")
            value = {}
        return self.nested(field, value)

    def nested(self, place: str, table: dict[str, Any]) -> "Fields":
        """The fields of a table that stands at `place` in this file."""
        return Fields(self.file, table, self._problems, f"{place}.")

    def day(self, field: str, *, optional: bool = False) -> date | None:
        """A day without a time."""
        value = self._take(field, None if optional else _REQUIRED)
        if value is None or value is _REQUIRED:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.bad(field, "is not a day", "write it as 2026-11-01, without quotation marks")
            return None
        return value

    def tables(self, field: str, *, optional: bool = False) -> list[dict[str, Any]]:
        """A list of tables."""
        value = self._take(field, [] if optional else _REQUIRED)
        if value is _REQUIRED:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.bad(field, "is not a list of tables", 'write it as [ {kind = "email", address = "..."} ]')
            return []
        return value

    def _take(self, field: str, default: object) -> Any:
        if field in self._table:
            return self._table.pop(field)
        if default is _REQUIRED:
            self.bad(field, "is missing", "add it")
        return default


def web_address_fault(text: str) -> str:
    """Why this is no public address that a notice may be sent to, or an empty text."""
    if not text.isascii() or not text.isprintable() or " " in text or len(text) > 2_048:
        return "holds a space, a line break or a character outside ASCII"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return f"is not a URL: {error}"
    if parts.username is not None or parts.password is not None:
        return "carries a name or a password"
    if not DOMAIN.fullmatch(host) or port == 0:
        return "has no host name"
    if parts.scheme == "https" or (parts.scheme == "http" and host.endswith(".test")):
        return ""
    return "is not https"
