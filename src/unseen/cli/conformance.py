"""`unseen conformance`: does a consumer of the hash feed do what it must?"""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from unseen.conformance.cases import CASES
from unseen.conformance.consumer import consumer_of
from unseen.conformance.run import Result, run

_SIGNS = {True: ("✓", "green"), False: ("✕ BROKEN", "bold red"), None: ("- not made", "yellow")}


def conformance(
    consumer: Annotated[
        str,
        typer.Argument(
            metavar="URL|COMMAND",
            help="Where the consumer takes the kit's questions as POST, or the command that reads them line by line.",
        ),
    ],
    case: Annotated[
        list[str] | None, typer.Option("--case", help="Only this case (again for more); `--list` names all.")
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Print the cases and their rules, and ask nobody.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a case.")] = False,
    host: Annotated[
        str,
        typer.Option(
            help="The address of this machine as the consumer reaches it; the kit's feed listens there."
        ),
    ] = "127.0.0.1",
) -> None:
    """Give a consumer feeds that behave well and badly, and report what it does.

    Exit code 1 when a case is broken. What the kit asks: docs/running/conformance.md.
    """
    chosen = _chosen(case or [])
    if listed:
        for name in chosen:
            typer.echo(f"{name}: {' '.join((CASES[name].__doc__ or '').split())}")
        return
    examined, console = consumer_of(consumer), Console()
    held = broken = 0
    try:
        for result in run(examined, chosen, host):
            held += result.held is True
            broken += result.held is False
            if as_json:
                typer.echo(json.dumps({"case": result.case, "held": result.held, "why": result.why}))
            else:
                console.print(_told(result))
    finally:
        examined.close()
    typer.echo(f"{held} of {len(chosen)} cases held, {broken} broken", err=as_json)
    raise typer.Exit(1 if broken else 0)


def _chosen(asked: list[str]) -> list[str]:
    unknown = [name for name in asked if name not in CASES]
    if unknown:
        raise typer.BadParameter(f"there is no case '{unknown[0]}': `unseen conformance --list -` names all")
    return asked or list(CASES)


def _told(result: Result) -> Text:
    sign, style = _SIGNS[result.held]
    return Text.assemble(
        (sign, style), f" {result.case}", (f"  {result.why or result.rule}", "" if result.why else "dim")
    )
