"""`unseen staff add`: people who may log in to the desk."""

import getpass
import sys
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from unseen.accounts.actions import add_staff, close_account, renew_codes
from unseen.accounts.codes import key_uri, key_words
from unseen.accounts.models import Role, Staff
from unseen.accounts.queries import staff_called
from unseen.cli.setup_django import migrate
from unseen.clock import now

FAILED = 1
app = typer.Typer(help="People who may log in to the desk.", no_args_is_help=True)


@app.callback()
def staff() -> None:
    """People who may log in to the desk."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    role: Annotated[Role, typer.Option("--role", help="What this person is here for.")],
) -> None:
    """Add a person. The password is asked for, or read from standard input in a pipe; the key for codes is printed once."""
    migrate()
    try:
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        person = add_staff(name, password, now(), role)
    except ValidationError as error:
        typer.echo(f"{name!a} was not added: {' '.join(error.messages)}", err=True)
        raise typer.Exit(FAILED) from None
    except UnicodeError:
        typer.echo(f"{name!a} was not added: the name or the password is not UTF-8 text", err=True)
        raise typer.Exit(FAILED) from None
    except IntegrityError:
        typer.echo(f"'{name}' can log in already: choose another name", err=True)
        raise typer.Exit(FAILED) from None
    _tell_key(person)
    print(f"{name} can log in now.")


@app.command()
def renew(name: Annotated[str, typer.Argument(help="The name to log in with.")]) -> None:
    """A new key for codes, for a lost or stolen phone; the old key and all passkeys open nothing any more."""
    _tell_key(renew_codes(_called(name), now()))


@app.command()
def close(name: Annotated[str, typer.Argument(help="The name to log in with.")]) -> None:
    """Somebody left, or must not come in any more: the account is closed at once, also where it is logged in."""
    close_account(_called(name), now())
    print(f"{name} cannot log in any more.")


def _called(name: str) -> Staff:
    migrate()
    person = staff_called(name)
    if person is None:
        typer.echo(f"{name!a} is nobody's name: write it as at the log-in", err=True)
        raise typer.Exit(FAILED)
    return person


def _tell_key(person: Staff) -> None:
    print(
        f"Type this key into an authenticator app now, it is shown this once: {key_words(person.code_seed)}"
    )
    print(f"or open it there: {key_uri(person.username, person.code_seed)}")
