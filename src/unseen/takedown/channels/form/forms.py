"""The forms that we know, as data: which field of a platform's form takes which part of a notice."""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).with_name("forms")
GENERIC = "generic"  # for a form that nobody described: every part of the notice under its own name
FILE_SIZE_BYTES_MAX = 32_768  # the longest that we ship has 3 kB
# What a field's value may name. `locations` is the list of this filling, one a line; `text` is the whole notice.
PARTS = frozenset(
    {
        "organisation",
        "contact_email",
        "signatory",
        "locations",
        "reasons",
        "subject",
        "text",
        "reference",
        "laws",
    }
)


class FormFileWrong(ValueError):
    """A form's data file contradicts its shape; the message names file, field and cure."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its label on their page, what goes in, and how much it takes. `note` tells the person what to choose."""

    label: str
    value: str
    characters_max: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One platform's form."""

    party: str
    fields: tuple[FormField, ...]
    source: str
    checked_on: date
    confidence: str
    note: str = ""


def form_for(party_key: str, own_folder: Path | None = None) -> Form:
    """The form of a party: the centre's own description, or the shipped one, or the generic. Raises FormFileWrong."""
    forms = _forms(own_folder)
    return forms.get(party_key, forms[GENERIC])


@lru_cache(maxsize=4)
def _forms(own_folder: Path | None) -> Mapping[str, Form]:
    folders = [FOLDER, *([own_folder / "forms"] if own_folder is not None else [])]
    read = [_read(file) for folder in folders for file in sorted(folder.glob("*.toml"))]
    return {form.party: form for form in read}  # a later folder's form of a party takes the place of ours


def _read(file: Path) -> Form:
    if file.stat().st_size > FILE_SIZE_BYTES_MAX:
        raise FormFileWrong(f"{file}: larger than {FILE_SIZE_BYTES_MAX} bytes: this is no form's file")
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        fields = tuple(FormField(**field) for field in table.pop("fields"))
        form = Form(fields=fields, **table)
    except (ValueError, TypeError, KeyError) as error:
        raise FormFileWrong(f"{file}: {error}: compare it with {GENERIC}.toml") from error
    _check(file, form)
    return form


def _check(file: Path, form: Form) -> None:
    """A typing error in a form would send a notice without its locations."""
    named = {name for field in form.fields for name in _names(file, field)}
    if unknown := named - PARTS:
        raise FormFileWrong(f"{file}: no part {', '.join(sorted(unknown))}: use {', '.join(sorted(PARTS))}")
    if "locations" not in named and "text" not in named:
        raise FormFileWrong(f"{file}: no field takes the locations: add {{locations}} or {{text}} to one")
    for field in form.fields:
        if field.characters_max is not None and field.characters_max < 1:
            raise FormFileWrong(f"{file}: characters_max of '{field.label}' is below 1: correct it")


def _names(file: Path, field: FormField) -> list[str]:
    try:
        return [name for _, name, _, _ in string.Formatter().parse(field.value) if name is not None]
    except ValueError as error:
        raise FormFileWrong(
            f"{file}: the value of '{field.label}': {error}: write {{text}} and the like"
        ) from error
