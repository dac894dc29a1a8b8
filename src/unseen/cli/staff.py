"""`unseen staff add`: people who may log in to the desk."""

import getpass
import sys
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from unseen.accounts.actions import add_staff
from unseen.cli.setup_django import migrate
from unseen.clock import now

FAILED = 1
app = typer.Typer(help="People who may log in to the desk.", no_args_is_help=True)


@app.callback()
def staff() -> None:
    """People who may log in to the desk."""


@app.command()
def add(name: Annotated[str, typer.Argument(help="The name to log in with.")]) -> None:
    """Add a person. The password is asked for, or read from standard input in a pipe."""
    migrate()
    try:
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        add_staff(name, password, now())
    except ValidationError as error:
        typer.echo(f"{name!a} was not added: {' '.join(error.messages)}", err=True)
        raise typer.Exit(FAILED) from None
    except UnicodeError:
        typer.echo(f"{name!a} was not added: the name or the password is not UTF-8 text", err=True)
        raise typer.Exit(FAILED) from None
    except IntegrityError:
        typer.echo(f"'{name}' can log in already: choose another name", err=True)
        raise typer.Exit(FAILED) from None
    print(f"{name} can log in now.")
