"""The command line: one module a command, imported only when it is asked for, so that none waits for the others."""

import errno
import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import typer

from unseen.cli.setup_django import setup_django

_DATABASE_CURE = "make room on its disk, check that its server runs, and run it again"
_USAGE = 2
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_HELP = "Finds every copy of an intimate picture shared without consent, gets it removed, proves it, keeps it gone."


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command lives: `name` is a function, or a Typer app with commands of its own."""

    module: str
    name: str
    help: str
    needs_django: bool = False


COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "fingerprint": Command("media", "fingerprint", "Print the fingerprints of pictures and videos."),
        "bank": Command("media", "bank", "Keep fingerprints in a bank: add, list, remove, verify."),
        "match": Command("media", "match", "Search files in a bank."),
        "replica": Command("replica", "app", "Follow a hash feed into a local bank (for platforms)."),
        "scan": Command("scan", "scan", "Search folders, pages, exports and object stores for copies."),
        "match-server": Command(
            "match_server", "match_server", "Match uploads beside a platform's upload door, over HTTP."
        ),
        "report": Command("report", "report", "File a report; the files stay on this device."),
        "withdraw": Command("withdraw", "withdraw", "Stop everything about a report.", needs_django=True),
        "serve": Command("serve", "serve", "Serve the desk and the intake API.", needs_django=True),
        "worker": Command("worker", "worker", "Do the background work.", needs_django=True),
        "explain": Command("explain", "explain", "Tell the whole life of an item.", needs_django=True),
        "notice": Command("notice", "app", "See notices before they go; compare a list.", needs_django=True),
        "doctor": Command(
            "doctor", "doctor", "Check the ten promises on the living data.", needs_django=True
        ),
        "staff": Command("staff", "app", "People who may log in to the desk.", needs_django=True),
        "exchange": Command(
            "exchange",
            "app",
            "Lists of other organisations: in, out, and what they match.",
            needs_django=True,
        ),
        "peer": Command(
            "peer", "app", "Platforms that read our feed, and who leaked a list.", needs_django=True
        ),
        "feed-keys": Command("feed_keys", "app", "The keys that sign our feed.", needs_django=True),
        "directory": Command("directory", "app", "Platforms, hosts, regulators and laws."),
        "config": Command("config", "config", "Print the options in force, with secrets hidden."),
        "conformance": Command("conformance", "conformance", "Examine a consumer of the hash feed."),
        "backup": Command("backup", "backup", "Write everything into one file."),
        "restore": Command("backup", "restore", "Bring a backup back into an empty data folder."),
        "demo": Command("demo", "demo", "Run the whole path against a small internet."),
    }
)


def main() -> None:
    """The entry point of `unseen`."""
    with _missing_parts_named():
        _main()


def _main() -> None:
    chosen = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    app = typer.Typer(no_args_is_help=True, add_completion=False, help=_HELP)
    app.callback()(_before_any_command)
    for name, spec in COMMANDS.items():
        found = _loaded(spec) if name == chosen else _only_listed
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name, help=spec.help)
        else:
            app.command(name=name, help=spec.help)(found)
    try:
        app(prog_name="unseen")
    except OSError as trouble:
        if trouble.errno not in _NO_ROOM:
            raise
        print(
            f"{trouble.filename or 'the output'}: {trouble.strerror}: make room and run it again",
            file=sys.stderr,
        )
        # What is still unwritten would fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except _database_errors() as trouble:
        why = " ".join(str(trouble).split())
        print(
            f"the database cannot be used ({why}); what was said to be done is done: {_DATABASE_CURE}",
            file=sys.stderr,
        )
        raise SystemExit(1) from None


def _database_errors() -> tuple[type[Exception], ...]:
    """Asked only when something was raised: a command that never loaded Django has no database to fail."""
    loaded = sys.modules.get("django.db")
    return (loaded.DatabaseError,) if loaded is not None else ()


def _loaded(spec: Command) -> Any:
    if spec.needs_django:
        setup_django()
    return getattr(importlib.import_module(f"unseen.cli.{spec.module}"), spec.name)


@contextmanager
def _missing_parts_named() -> Iterator[None]:
    """A platform installs the base only (decision 0054); a command that needs more says so, and ends with exit code 2."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "unseen").startswith("unseen"):
            raise
        print(
            f"this command needs {missing.name}, which is not installed because it belongs to a centre: "
            "pip install 'unseen[centre]'",
            file=sys.stderr,
        )
        raise SystemExit(_USAGE) from None


def _before_any_command() -> None:
    """Makes `unseen` a group of commands."""


def _only_listed() -> None:
    """Stands in the list of commands for one that was not asked for."""
