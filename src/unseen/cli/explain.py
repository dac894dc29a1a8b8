"""`unseen explain ITEM`: the whole life of one item, as the desk shows it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from unseen.casework.queries import item_named
from unseen.cli.setup_django import migrate
from unseen.clock import now
from unseen.takedown.directory.problems import DirectoryError
from unseen.takedown.explain import Explanation, Line
from unseen.takedown.explain import explain as life_of
from unseen.takedown.explain_words import OUTCOME_WORDS, STAGE_WORDS, time_words

FAILED, USAGE = 1, 2


def explain(item: Annotated[str, typer.Argument(help="The item's number or reference.")]) -> None:
    """Tell what happened to ITEM, which rule decided it, where that rule stands, and what is next."""
    migrate()
    found = item_named(item)
    if found is None:
        typer.echo(f"there is no item '{item}': give its number or reference, as the desk shows it", err=True)
        raise typer.Exit(USAGE)
    try:
        life = life_of(found, now())
    except DirectoryError as error:
        typer.echo(
            f"the directory of platforms is broken, so nobody can say what is next:\n{error}", err=True
        )
        raise typer.Exit(FAILED) from None
    console = Console()
    for words in _header(life):
        console.print(Text(words))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("when", "what happened", "rule, and where it stands"):
        table.add_column(Text(title), overflow="fold")
    for line in life.lines:
        table.add_row(Text(time_words(line.at)), Text(_told(line)), Text(_decided(line), style="dim"))
    console.print(table)
    for route in life.routes:
        console.print(Text(f"Route to {life.platform} so far: {route.words}: {route.record}."))
    console.print(Text(_next(life), style="bold"))


def _header(life: Explanation) -> list[str]:
    outcome = f", {OUTCOME_WORDS.get(life.outcome, life.outcome)}" if life.outcome else ""
    where = STAGE_WORDS.get(life.stage, life.stage)
    lines = [
        f"Item {life.number} ({life.reference}) of case {life.case_reference}: {where}{outcome}, round {life.round}",
        f"Platform: {life.platform}",
        f"Location: {life.location}",
    ]
    if life.media_location:
        lines.append(f"Location of the medium: {life.media_location}")
    if life.withdrawn_at is not None:
        lines.append(f"The affected person said stop at {time_words(life.withdrawn_at)}.")
    if life.question:
        lines.append(f"A question for a person: {life.question}")
    return [*lines, ""]


def _told(line: Line) -> str:
    findings = "".join(f"\n  {found.vantage}: {found.words}" for found in line.findings)
    return f"{line.words}{findings}"


def _decided(line: Line) -> str:
    return "\n".join(part for part in (line.rule, line.decided_in) if part)


def _next(life: Explanation) -> str:
    coming = life.next
    when = f" at {time_words(coming.at)}" if coming.at else ""
    return f"\nNext: {coming.words}{when}, because: {coming.because} ({coming.decided_in})"
