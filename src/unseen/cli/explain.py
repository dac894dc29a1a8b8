"""`unseen explain ITEM`: the whole life of one item, as the desk shows it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from unseen.casework.queries import item_named
from unseen.cli.setup_django import migrate
from unseen.clock import now
from unseen.takedown.directory.problems import DirectoryError
from unseen.takedown.explain import Explanation, Line
from unseen.takedown.explain import explain as life_of
from unseen.takedown.explain_facts import time_words
from unseen.takedown.explain_words import OUTCOME_WORDS, STAGE_WORDS

FAILED, USAGE = 1, 2


def explain(
    item: Annotated[str, typer.Argument(help="The item's number or reference.")],
    where: Annotated[
        bool, typer.Option("--where", help="Also name the file and function that decided each step.")
    ] = False,
) -> None:
    """Tell the whole life of ITEM in plain words: what happened, why, what each vantage saw, and what is next."""
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
    print_life(life, Console(), where=where)


def print_life(life: Explanation, console: Console, *, where: bool = False) -> None:
    """Head, one paragraph a step with its reason, the routes so far, and what is next."""
    for words in _header(life):
        console.print(Text(words))
    # Two columns: times stand alone, so that a reader finds a day at a glance.
    table = Table.grid(Column(no_wrap=True, style="dim"), Column(ratio=1, overflow="fold"), padding=(0, 2))
    for line in life.lines:
        table.add_row(Text(time_words(line.at)), _told(line, where=where))
    console.print(table)
    for route in life.routes:
        console.print(Text(f"Route to {life.platform} so far: {route.words}: {route.record}."))
    console.print(Text(f"\n{_next(life)}", style="bold"))
    console.print(Text(f"Why: {_because(life.next.why, life.next.decided_in, where=where)}"))


def _header(life: Explanation) -> list[str]:
    outcome = f", {OUTCOME_WORDS.get(life.outcome, life.outcome)}" if life.outcome else ""
    stands = STAGE_WORDS.get(life.stage, life.stage)
    times = "" if life.round == 1 else f", reopened {_times(life.round - 1)}"
    lines = [
        f"Item {life.number} ({life.reference}) of case {life.case_reference}: {stands}{outcome}{times}",
        f"Platform: {life.platform}",
        f"Location: {life.location or 'destroyed: the person withdrew'}",
    ]
    if life.media_location:
        lines.append(f"The picture itself: {life.media_location}")
    if life.withdrawn_at is not None:
        lines.append(f"The affected person said stop at {time_words(life.withdrawn_at)}.")
    if life.question:
        lines.append(f"A question for a person: {life.question}")
    return [*lines, ""]


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _told(line: Line, *, where: bool) -> Text:
    told = Text(line.words)
    for kind, places in _by_kind(line).items():
        told.append(f"\n  {kind}: {', '.join(places)}")
    if line.until is not None:
        more = "once more, at" if line.times == 2 else f"{line.times - 1} more times, until"
        told.append(f"\n  We looked {more} {time_words(line.until)}, and saw the same.")
    reason = _because(line.why, line.decided_in, where=where)
    if reason:
        told.append(f"\nWhy: {reason}", style="dim")
    return told


def _by_kind(line: Line) -> dict[str, list[str]]:
    """Vantages that found the same stand together."""
    found: dict[str, list[str]] = {}
    for one in line.findings:
        found.setdefault(one.words, []).append(
            f"{one.vantage} ({one.country})" if one.country else one.vantage
        )
    return found


def _because(why: str, decided_in: str, *, where: bool) -> str:
    sentence = f"{why[:1].upper()}{why[1:]}." if why else ""
    return " ".join(filter(None, (sentence, f"[{decided_in}]" if where and decided_in else "")))


def _next(life: Explanation) -> str:
    when = f", at {time_words(life.next.at)}" if life.next.at else ""
    return f"Next{when}: {life.next.words}."
