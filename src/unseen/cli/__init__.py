"""The command line: one module a command, imported only when it is asked for, so that none waits for the others."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import click
import typer
from typer.core import TyperGroup
from typer.main import get_command as click_command


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
        "scan": Command("scan", "scan", "Search folders, pages, exports and object stores for copies."),
        "report": Command("report", "report", "File a report; the files stay on this device."),
        "withdraw": Command("withdraw", "withdraw", "Stop everything about a report.", needs_django=True),
        "serve": Command("serve", "serve", "Serve the desk and the intake API.", needs_django=True),
        "worker": Command("worker", "worker", "Do the background work.", needs_django=True),
        "explain": Command("explain", "explain", "Tell the whole life of an item.", needs_django=True),
        "doctor": Command("doctor", "doctor", "Check the ten promises on the living data.", needs_django=True),
        "staff": Command("staff", "app", "People who may log in to the desk.", needs_django=True),
        "directory": Command("directory", "app", "Platforms, hosts, regulators and laws."),
        "config": Command("config", "config", "Print the options in force, with secrets hidden."),
        "backup": Command("backup", "backup", "Write everything into one file.", needs_django=True),
        "restore": Command("restore", "restore", "Bring a backup back into an empty data folder."),
        "demo": Command("demo", "demo", "Run the whole path against a small internet."),
    }
)


class _Commands(TyperGroup):
    """Commands by name, each imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Enough for the list of commands; the command itself is loaded when it is called."""
        spec = COMMANDS.get(cmd_name)
        return click.Command(cmd_name, help=spec.help) if spec else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, _loaded(name, COMMANDS[name]) if name in COMMANDS else command, rest


def _loaded(name: str, spec: Command) -> click.Command:
    if spec.needs_django:
        from unseen.cli.setup_django import setup_django  # noqa: PLC0415 - the media commands do without Django

        setup_django()
    found = getattr(importlib.import_module(f"unseen.cli.{spec.module}"), spec.name)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer()
        alone.command(name=name, help=spec.help)(found)
        found = alone
    return click_command(found)


def main() -> None:
    """The entry point of `unseen`."""
    app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, help=__doc__)
    app.callback()(lambda: None)
    app(prog_name="unseen")
