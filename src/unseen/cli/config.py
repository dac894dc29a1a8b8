"""`unseen config`: every option, what is in force, and where it came from; secrets stay hidden."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from unseen.config.options import OPTIONS, Option, OptionError, Options, load

EXIT_USAGE = 2


def config(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List every option: its value in force, where it came from, and what it is for."""
    try:
        options = load(os.environ)
    except OptionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_USAGE) from error
    rows = [_row(option, options, os.environ) for option in OPTIONS]
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    table = Table()
    for title in ("option", "in force", "from", "what it is for"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(row[key]) for key in ("option", "in_force", "from", "description")))
    Console().print(table)


def _row(option: Option, options: Options, environ: Mapping[str, str]) -> dict[str, str]:
    value = getattr(options, option.field)
    came_from = "default"
    if environ.get(option.variable):
        came_from = "environment"
    elif option.secret and environ.get(f"{option.variable}_FILE"):
        came_from = "file"
    return {
        "option": option.variable,
        "in_force": _shown(value) or f"({option.default_note or 'not set'})",
        "from": came_from,
        "description": option.description,
    }


def _shown(value: object) -> str:
    """Every type prints itself; those with something to hide print *** in its place."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
