"""The words and symbols of a demonstration's result: the same in the terminal and on the page."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from unseen.demo.result import DemoResult, ItemResult, Route, Step, Verdict
from unseen.domain.item import NoticeState, Outcome
from unseen.domain.notice import RUNG_WORDS, Rung
from unseen.domain.recheck import FindingKind
from unseen.testing.internet.characters import CHARACTERS
from unseen.testing.internet.platform import Platform

HOURS_A_DAY = 24.0
_NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
# The engine tells an item's life in plain words; these are the words for its two turns.
_CLOSES = re.compile(r"^(closed|settled)\b", re.IGNORECASE)
_RETURNS = re.compile(r"^(came back|is back|back again)\b|\breopened\b", re.IGNORECASE)
_LOOKS = re.compile(r"\brechecks?(ed)?\b", re.IGNORECASE)


class Tone(StrEnum):
    """How a fact is shown. Never by colour alone: a symbol and words go with it."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Sign:
    """A symbol, its words and its tone; `plain` is the symbol where only ASCII can be written."""

    symbol: str
    words: str
    tone: Tone
    plain: str


_FINDINGS: Mapping[str, Sign] = {
    FindingKind.GONE: Sign("✓", "gone", Tone.GOOD, "+"),
    FindingKind.SOFT_404: Sign("✓", "gone (page says so)", Tone.GOOD, "+"),
    FindingKind.SENT_HOME: Sign("✓", "gone (sent home)", Tone.GOOD, "+"),
    FindingKind.STILL_UP: Sign("✕", "still up", Tone.BAD, "x"),
    FindingKind.MEDIA_ALIVE: Sign("✕", "media alive", Tone.BAD, "x"),
    FindingKind.COPY_ALIVE: Sign("✕", "copy alive", Tone.BAD, "x"),
    FindingKind.GEOFENCED: Sign("◐", "geofenced", Tone.MIXED, "/"),
    FindingKind.CLOAKED: Sign("◐", "cloaked", Tone.MIXED, "/"),
    FindingKind.RESOLVER_BLOCKED: Sign("◐", "blocked by name", Tone.MIXED, "/"),
    FindingKind.MOVED: Sign("✕", "moved", Tone.BAD, "x"),
    FindingKind.LOGIN_WALLED: Sign("◐", "login walled", Tone.MIXED, "/"),
    FindingKind.BACK: Sign("✕", "back", Tone.BAD, "x"),
    FindingKind.LISTED: Sign("◐", "listed in search", Tone.MIXED, "/"),
    FindingKind.NOT_LISTED: Sign("-", "not in search", Tone.OPEN, "-"),
    FindingKind.UNKNOWN: Sign("?", "unknown", Tone.OPEN, "?"),
}
_OUTCOMES: Mapping[str, Sign] = {
    Outcome.REMOVED: Sign("✓", "removed", Tone.GOOD, "+"),
    Outcome.BLOCKED_ONLY: Sign("◐", "blocked only", Tone.MIXED, "/"),
    Outcome.REFUSED: Sign("✕", "refused", Tone.BAD, "x"),
    Outcome.UNREACHABLE: Sign("?", "unreachable", Tone.OPEN, "?"),
    Outcome.WITHDRAWN: Sign("-", "withdrawn", Tone.OPEN, "-"),
    Outcome.OUT_OF_SCOPE: Sign("-", "out of scope", Tone.OPEN, "-"),
    Outcome.DUPLICATE: Sign("-", "duplicate", Tone.OPEN, "-"),
}
_ENDS: Mapping[str, str] = {
    Outcome.WITHDRAWN: "withdrawn by the person and left alone since",
    Outcome.DUPLICATE: "duplicates",
}
_RUNG_SYMBOLS: Mapping[str, tuple[str, str]] = {
    Rung.PLATFORM: ("●", "first notice"),
    Rung.PLATFORM_FINAL: ("■", "final notice"),
    Rung.HOST: ("◆", "host"),
    Rung.REGULATOR: ("▲", "regulator"),
}


def plain(text: str) -> str:
    """One line without control, format or bidirectional characters: it can steer neither a terminal nor a reader."""
    kept = (character if unicodedata.category(character)[0] != "C" else " " for character in text)
    return " ".join("".join(kept).split())


def spelled(kind: str) -> str:
    """A stored word such as `still_up` as it is spoken."""
    return plain(kind.replace("_", " "))


def finding_sign(kind: str) -> Sign:
    return _FINDINGS.get(kind) or Sign("?", spelled(kind) or "not looked", Tone.OPEN, "?")


def called_removed_but_served(item: ItemResult) -> bool:
    """The one thing that must never happen: the record says removed, the truth says served (promise 5)."""
    return item.outcome == Outcome.REMOVED and bool(item.still_served)


def outcome_sign(item: ItemResult) -> Sign:
    """How an item ended, measured against the truth."""
    if called_removed_but_served(item):
        return Sign("✕", "called removed, but still served", Tone.BAD, "x")
    if not item.outcome:
        return Sign("…", f"still open ({spelled(item.stage)})", Tone.OPEN, ".")
    return _OUTCOMES.get(item.outcome) or Sign("?", spelled(item.outcome), Tone.OPEN, "?")


def served_words(item: ItemResult) -> str:
    """Where a stranger still gets it, or nothing."""
    return f"still served in {listed(map(plain, item.still_served))}" if item.still_served else ""


def rung_sign(rung: str) -> tuple[str, str]:
    """The rung's symbol and its short name."""
    return _RUNG_SYMBOLS.get(rung, ("○", spelled(rung)))


def rung_words(rung: str) -> str:
    """The rung in full."""
    return next((words for each, words in RUNG_WORDS.items() if each == rung), spelled(rung))


def undelivered(route: Route) -> bool:
    """Whether this notice never provably arrived for good: its delivery failed or was left uncertain."""
    return route.state in {NoticeState.FAILED, NoticeState.UNCERTAIN}


def closes(step: Step) -> bool:
    return bool(_CLOSES.search(step.words))


def returns(step: Step) -> bool:
    return bool(_RETURNS.search(step.words))


def looks_again(step: Step) -> bool:
    return bool(_LOOKS.search(step.words))


def found_by_look(step: Step) -> Tone:
    """What a recheck saw, from its words."""
    words = step.words.lower().replace("_", " ")
    kinds = [kind for kind in _FINDINGS if kind.replace("_", " ") in words]
    if FindingKind.UNKNOWN in kinds or not kinds:
        return Tone.OPEN
    return Tone.GOOD if kinds == [FindingKind.GONE] else Tone.BAD


def back_again(item: ItemResult) -> tuple[float, ...]:
    """When the engine found this item to be a copy that had been gone before."""
    later = tuple(step.at_hours for step in item.steps if returns(step)) if item.rounds > 1 else ()
    return (item.opened_at_hours, *later) if item.came_back_from is not None else later


def character(platform: str) -> str:
    """What the small internet's platform of that name is made to do; empty if it is none of the fourteen."""
    made = _made(platform)
    return (made.__doc__ or "").strip().partition("\n")[0] if made else ""


def lies(result: DemoResult, platform: str) -> bool:
    """Whether this platform was told to lie, by whichever of its names."""
    return any(
        liar == platform or ((made := _made(liar)) and made is _made(platform)) for liar in result.liars
    )


def _made(name: str) -> type[Platform] | None:
    """The character that goes by this key, title or domain."""
    return next((each for each in CHARACTERS if name in {each.key, each.title, f"{each.key}.test"}), None)


def by_platform(items: Iterable[ItemResult]) -> dict[str, list[ItemResult]]:
    """Items of each platform by number, platforms in the order of their first item."""
    groups: dict[str, list[ItemResult]] = {}
    for item in sorted(items, key=lambda item: item.number):
        groups.setdefault(item.platform, []).append(item)
    return groups


def decimal(value: float) -> str:
    """One decimal, thousands apart by a thin space."""
    return f"{value:,.1f}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def whole(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def days(hours: float) -> str:
    """Hours since the start as a day: 0.3, 12.4, 40."""
    return f"{hours / HOURS_A_DAY:.1f}".removesuffix(".0")


def hours_taken(item: ItemResult) -> str:
    """Simulated hours from opening to closing."""
    if item.closed_at_hours is None:
        return "open"
    return decimal(max(0.0, item.closed_at_hours - item.opened_at_hours))


def counted(count: int, one: str, many: str = "") -> str:
    """`one copy`, `two copies`, `26 items`."""
    number = _NUMBERS[count] if 0 <= count < len(_NUMBERS) else whole(count)
    return f"{number} {one if count == 1 else many or one + 's'}"


def listed(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = [*parts] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def sentence(text: str) -> str:
    """The same with a capital and a full stop, without the marks of code."""
    text = plain(text).replace("`", "")
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def broken(result: DemoResult) -> tuple[Verdict, ...]:
    return tuple(verdict for verdict in result.verdicts if not verdict.holds)


def verdict_words(result: DemoResult) -> str:
    """The verdict as a headline."""
    if not result.verdicts:
        return "No judge has spoken."
    failed = len(broken(result))
    if not failed:
        count = len(result.verdicts)
        return f"All {counted(count, 'promise')} held." if count > 1 else "The one promise judged held."
    return sentence(f"{counted(failed, 'promise')} {'is' if failed == 1 else 'are'} broken")


def outcome_words(result: DemoResult) -> str:
    """What became of the copies, in sentences."""
    items = result.items
    lied = sum(map(called_removed_but_served, items))
    kinds = Counter(item.outcome for item in items if not called_removed_but_served(item))
    sites = len(by_platform(items))
    found = f"{whole(len(items))} item{'' if len(items) == 1 else 's'} on {whole(sites)} platform{'' if sites == 1 else 's'}"
    parts = [f"{_some(kinds[Outcome.REMOVED])} removed for everybody"]
    if kinds[Outcome.BLOCKED_ONLY]:
        parts.append(f"{_some(kinds[Outcome.BLOCKED_ONLY])} blocked in some countries only")
    others = [kind for kind in kinds if kind not in {"", Outcome.REMOVED, Outcome.BLOCKED_ONLY}]
    parts += [f"{_some(kinds[kind])} {_ENDS.get(kind, spelled(kind))}" for kind in others]
    if kinds[""]:
        parts.append(f"{_some(kinds[''])} still open")
    told = f"Of {found}, {listed(parts)}."
    return told if not lied else f"{told} {sentence(f'{_some(lied)} called removed, but still served')}"


def _some(count: int) -> str:
    """In digits, so that the numbers of one sentence look alike."""
    return f"{whole(count)} {'is' if count == 1 else 'are'}" if count else "none is"


def uncovered(result: DemoResult) -> int:
    """Copies still served at the end that no item knows of."""
    served = result.curve[-1].copies_served if result.curve else 0
    return max(0, served - sum(1 for item in result.items if item.still_served))


def totals(result: DemoResult) -> tuple[tuple[str, str], ...]:
    """The totals: number, what it counts."""
    served = result.curve[-1].copies_served if result.curve else 0
    return (
        (whole(len(result.items)), "items"),
        (whole(result.notices_sent), "notices sent"),
        (whole(result.rechecks), "rechecks"),
        (whole(served), "copies still served to somebody"),
        (whole(result.bystanders), "unrelated pictures, untouched"),
        (whole(result.kills), "times the worker was killed"),
        (days(result.simulated_hours), "days simulated"),
        (decimal(result.wall_seconds), "seconds it took"),
    )


def story(item: ItemResult) -> str:
    """What happened, in one sentence: after which rung it ended, what did not arrive, whether it came back."""
    last = f"after the {rung_words(item.routes[-1].rung)}" if item.routes else "without a notice"
    how = {Outcome.REMOVED: "gone", Outcome.BLOCKED_ONLY: "blocked in places", "": "still open"}
    told = f"{how.get(item.outcome, spelled(item.outcome))} {last}"
    if lost := sum(map(undelivered, item.routes)):
        told += f"; {counted(lost, 'notice')} not delivered"
    turn = returned_words(item)
    return sentence(f"{turn}; {told}" if turn else told)


def returned_words(item: ItemResult) -> str:
    """Whether it came back, and how; empty where it did not."""
    if item.came_back_from is not None:
        return f"#{item.came_back_from} back at a new location"
    if item.rounds < 2:
        return ""
    return f"came back {'once' if item.rounds == 2 else counted(item.rounds - 1, 'time')}"
