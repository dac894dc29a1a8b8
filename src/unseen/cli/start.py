"""What `unseen serve` and `unseen worker` do first: the tables, and whether what is set can work."""

import typer
from django.core.checks import ERROR, CheckMessage, run_checks

from unseen.cli.setup_django import USAGE, migrate
from unseen.takedown.directory import DirectoryError
from unseen.takedown.queries import directory


def start() -> None:
    """Bring the tables up to date, and refuse to start with options or platform files that cannot work."""
    migrate()
    found = run_checks(databases=["default"])
    for message in found:
        typer.echo(_line(message), err=True)
    if any(message.level >= ERROR for message in found):
        raise typer.Exit(USAGE)
    try:
        directory()
    except DirectoryError as error:
        typer.echo(f"UNSEEN_DIRECTORY: {error}", err=True)
        raise typer.Exit(USAGE) from None


def _line(message: CheckMessage) -> str:
    kind = "error" if message.level >= ERROR else "caution"
    return f"{kind} {message.id}: {message.msg} Cure: {message.hint}"
