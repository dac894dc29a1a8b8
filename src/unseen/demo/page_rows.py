"""The result as rows of plain strings, as the page's template wants them. Nothing here is markup."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from unseen.demo.item_words import RouteStep, law_lines, proof_signs, proof_times, proof_verdict, route_steps
from unseen.demo.page_words import (
    Sign,
    by_platform,
    called_removed_but_served,
    character,
    counted,
    days,
    hours_taken,
    lies,
    listed,
    looks_again,
    outcome_sign,
    plain,
    rung_sign,
    rung_words,
    sentence,
    served_words,
    spelled,
    story,
)
from unseen.demo.result import DemoResult, ItemResult, Route, Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One item."""

    number: str
    platform: str
    location: str
    found: str
    route: tuple[RouteStep, ...]
    laws: tuple[str, ...]
    proof: Sign
    proof_times: str
    story: str
    steps: tuple[tuple[str, str], ...]
    notices: tuple[tuple[str, str, str], ...]
    findings: tuple[tuple[Sign, str], ...]
    outcome: Sign
    served: str
    untrue: bool
    hours: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise and what its judge says."""

    number: str
    words: str
    symbol: str
    said: str
    tone: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """One platform: its character and what became of its copies."""

    name: str
    character: str
    told: str
    lied: bool


def rows(result: DemoResult) -> tuple[Row, ...]:
    return tuple(_row(item) for item in sorted(result.items, key=lambda item: item.number))


def _row(item: ItemResult) -> Row:
    return Row(
        number=str(item.number),
        platform=plain(item.platform),
        location=plain(item.location),
        found=_found(item),
        route=route_steps(item),
        laws=law_lines(item),
        proof=proof_verdict(item),
        proof_times=proof_times(item),
        story=story(item),
        steps=tuple(_life(item)),
        notices=tuple(_notice(route) for route in item.routes),
        findings=proof_signs(item),
        outcome=outcome_sign(item),
        served=served_words(item),
        untrue=called_removed_but_served(item),
        hours=hours_taken(item),
    )


def _life(item: ItemResult) -> Iterator[tuple[str, str]]:
    """Every step: day and words. Looks that saw the same one after the other share a line."""
    steps = sorted(item.steps, key=lambda step: step.at_hours)
    for same, together in groupby(steps, key=lambda step: plain(step.words) if looks_again(step) else step):
        first, *others = together
        if not others or not isinstance(same, str):
            yield days(first.at_hours), plain(first.words)
        else:
            yield (
                days(first.at_hours),
                f"{same}; the same {counted(len(others), 'more time')}, to day {days(others[-1].at_hours)}",
            )


def _found(item: ItemResult) -> str:
    """How it came to be an item."""
    came = (
        f"came back from #{item.came_back_from}" if item.came_back_from is not None else plain(item.found_by)
    )
    parts = [came, plain(item.how), f"{item.rounds} rounds" if item.rounds > 1 else ""]
    return sentence("; ".join(filter(None, parts)))


def _notice(route: Route) -> tuple[str, str, str]:
    """Day, what went to whom under which law, and the proof."""
    day = "" if route.received_at_hours is None else f"day {days(route.received_at_hours)}"
    words = f"{rung_words(route.rung)}: {route.addressee}, {listed(route.laws or (route.law,))}, {spelled(route.state)}"
    due = "" if route.deadline_at_hours is None else f"; deadline day {days(route.deadline_at_hours)}"
    return day, plain(words), plain(f"{route.proof or 'no proof of receipt'}{due}")


def promises(verdicts: Iterable[Verdict]) -> tuple[Promise, ...]:
    return tuple(
        Promise(
            number=str(verdict.promise),
            words=sentence(verdict.words),
            symbol="✓" if verdict.holds else "✕",
            said="held" if verdict.holds else "broken",
            tone="good" if verdict.holds else "bad",
            evidence=sentence(verdict.evidence),
        )
        for verdict in verdicts
    )


def platforms(result: DemoResult) -> tuple[PlatformRow, ...]:
    return tuple(
        PlatformRow(plain(name), character(name), _told(items), lies(result, name))
        for name, items in by_platform(result.items).items()
    )


def _told(items: list[ItemResult]) -> str:
    """How many items it had, how far the ladder went, what became of them."""
    ends = Counter(outcome_sign(item).words for item in items)
    rungs = [*dict.fromkeys(rung_sign(route.rung)[1] for item in items for route in item.routes)]
    went = f"Ladder: {', '.join(rungs)}." if rungs else "No notice."
    ended = (
        f"all {next(iter(ends))}"
        if len(ends) == 1 and len(items) > 1
        else listed(words if len(items) == 1 else f"{count} {words}" for words, count in ends.items())
    )
    return f"{sentence(counted(len(items), 'item'))[:-1]}, {ended}. {went}"
