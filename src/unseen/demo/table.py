"""The demonstration's closing table for a terminal or a pipe, at any width."""

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from unseen.demo.item_words import law_lines, proof_signs, proof_times, proof_verdict, route_steps
from unseen.demo.page_words import (
    Sign,
    Tone,
    broken,
    hours_taken,
    listed,
    outcome_sign,
    outcome_words,
    plain,
    returned_words,
    sentence,
    served_words,
    totals,
    verdict_words,
)
from unseen.demo.result import DemoResult, ItemResult, Verdict
from unseen.demo.upload_words import UPLOAD_COLUMNS, upload_rows, upload_words

# Below this many columns seven cells side by side would break in mid-word: each item gets a few lines instead.
TABLE_COLUMNS_MIN = 140
LOCATION_COLUMNS_MIN = 180
# Colour only repeats what symbol and words already say.
_STYLES = {Tone.GOOD: "green", Tone.MIXED: "yellow", Tone.BAD: "bold red", Tone.OPEN: "yellow"}


def print_table(result: DemoResult, console: Console) -> None:
    """Items, totals, promises and, last, the verdict. Text of the result is never read as markup or control codes."""
    items = sorted(result.items, key=lambda item: item.number)
    wide = console.width >= TABLE_COLUMNS_MIN
    parts: Iterable[RenderableType] = [_table(items, console)] if wide else _blocks(items, console)
    for part in parts:
        console.print(part)
    console.print()
    console.print(_totals(result, console))
    console.print()
    console.print(_uploads(result, console))
    console.print()
    console.print(_promises(result.verdicts, console))
    console.print()
    for line in _verdict(result):
        console.print(_written(line, console), style="bold", soft_wrap=False)


def _written(text: str, console: Console, style: str = "") -> Text:
    """Text that this console's encoding can carry."""
    shown = plain(text).encode(console.encoding, "replace").decode(console.encoding)
    return Text(shown, style=style, overflow="fold")


def _signed(sign: Sign, console: Console, more: str = "") -> Text:
    symbol = sign.plain if console.options.ascii_only else sign.symbol
    return _written(" ".join(filter(None, (symbol, sign.words, more))), console, _STYLES[sign.tone])


def _lines(parts: Iterable[Text]) -> Text:
    return Text("\n").join(parts)


def _table(items: Iterable[ItemResult], console: Console) -> Table:
    """One row an item. No column may be cut: what does not fit goes on in the next line."""
    located = console.width >= LOCATION_COLUMNS_MIN
    table = Table(
        Column("#", justify="right", no_wrap=True),
        Column("Platform", overflow="fold", min_width=17, ratio=4),
        Column("Route, and what it came to", overflow="fold", min_width=32, ratio=8),
        Column("Law and deadline", overflow="fold", min_width=22, ratio=5),
        Column("Proof", overflow="fold", min_width=24, ratio=6),
        Column("Outcome", overflow="fold", min_width=17, ratio=4),
        Column("Hours", justify="right", no_wrap=True),
        box=box.SIMPLE_HEAD,
        expand=True,
        pad_edge=False,
        padding=(0, 1, 1, 1),
    )
    for item in items:
        platform = [_written(item.platform, console, "bold")]
        if located:
            platform.append(_written(item.location, console, "dim"))
        table.add_row(
            str(item.number),
            _lines(platform),
            _lines(_route(item, console)),
            _lines(_law(item, console)),
            _lines(_proof(item, console)),
            _outcome(item, console),
            _hours(item, console),
        )
    return table


def _hours(item: ItemResult, console: Console) -> Text:
    return _written(hours_taken(item), console)


def _outcome(item: ItemResult, console: Console) -> Text:
    served = served_words(item)
    return _signed(outcome_sign(item), console, f"({served})" if served else "")


def _route(item: ItemResult, console: Console) -> Iterator[Text]:
    """The rungs in the order in which they were climbed; the one that decided stands out."""
    turn = returned_words(item)
    if turn:
        yield _written(turn, console, "dim")
    for step in route_steps(item):
        style = "" if step.decides else "dim"
        told = " ".join(filter(None, (step.when, f"{step.rung}, {step.to}: {step.came_to}")))
        yield _written(told, console, style)
    if not item.routes:
        yield _written("no notice", console)


def _law(item: ItemResult, console: Console) -> Iterator[Text]:
    first, *others = law_lines(item)
    yield _written(first, console)
    for line in others:
        yield _written(line, console, "dim")


def _proof(item: ItemResult, console: Console) -> Iterator[Text]:
    """Whether it is proven, who saw what, and when: `✓ gone for four vantages in three countries`."""
    yield _signed(proof_verdict(item), console)
    for sign, places in proof_signs(item):
        yield _written(f"{sign.words}: {places}", console, "dim")
    times = proof_times(item)
    if times:
        yield _written(times, console, "dim")


def _blocks(items: Iterable[ItemResult], console: Console) -> Iterator[RenderableType]:
    """A few lines an item, for narrow terminals and pipes."""
    for item in items:
        head = Text.assemble(
            (f"#{item.number} ", ""), _written(item.platform, console, "bold"), "  ", _outcome(item, console)
        )
        facts = Table.grid(
            Column(no_wrap=True, style="dim"), Column(ratio=1, overflow="fold"), padding=(0, 2), expand=True
        )
        facts.add_row("location", _written(item.location, console))
        facts.add_row("route", _lines(_route(item, console)))
        facts.add_row("law", _lines(_law(item, console)))
        facts.add_row("proof", _lines(_proof(item, console)))
        facts.add_row("hours", _hours(item, console))
        yield Group(head, Padding(facts, (0, 0, 1, 4)))


def _totals(result: DemoResult, console: Console) -> Table:
    table = Table.grid(
        Column(justify="right", no_wrap=True, style="bold"), Column(overflow="fold"), padding=(0, 2)
    )
    for number, words in totals(result):
        table.add_row(_written(number, console), words)
    if result.liars:
        table.add_row(str(len(result.liars)), _written(f"told to lie: {listed(result.liars)}", console))
    return table


def _uploads(result: DemoResult, console: Console) -> Table:
    """What the upload doors did, before and after the withdrawal."""
    table = Table(
        Column("At the upload door of", overflow="fold"),
        *(Column(words, overflow="fold") for _, _, words in UPLOAD_COLUMNS),
        box=box.SIMPLE_HEAD,
        expand=True,
        pad_edge=False,
        caption=upload_words(result),
        caption_justify="left",
    )
    for row in upload_rows(result):
        table.add_row(
            _written(row.platform, console, "bold"), *(_signed(sign, console) for sign in row.signs)
        )
    return table


def _promises(verdicts: Iterable[Verdict], console: Console) -> Table:
    """Each promise with its judge's verdict in words and the evidence."""
    held, failed = Sign("✓", "held", Tone.GOOD, "+"), Sign("✕", "BROKEN", Tone.BAD, "x")
    table = Table(
        Column("#", justify="right", no_wrap=True),
        Column("Verdict", no_wrap=True),
        Column("Promise", overflow="fold", ratio=1),
        Column("Evidence", overflow="fold", ratio=1),
        box=box.SIMPLE_HEAD,
        expand=True,
        pad_edge=False,
    )
    for verdict in verdicts:
        table.add_row(
            str(verdict.promise),
            _signed(held if verdict.holds else failed, console),
            _written(sentence(verdict.words), console),
            _written(sentence(verdict.evidence), console),
        )
    return table


def _verdict(result: DemoResult) -> Iterator[str]:
    yield outcome_words(result)
    for verdict in broken(result):
        yield f"Promise {verdict.promise} is broken: {sentence(verdict.words)} {sentence(verdict.evidence)}"
    yield verdict_words(result)
