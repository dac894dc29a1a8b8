"""The whole life of an item in plain words: what happened, which rule decided it, and what is next."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from unseen.casework.models import Item
from unseen.journal.actions import about
from unseen.journal.models import Entry
from unseen.journal.queries import Told, life_of
from unseen.takedown import queries
from unseen.takedown.directory.party import CHANNEL_WORDS
from unseen.takedown.explain_facts import Known
from unseen.takedown.explain_next import Next, next_of
from unseen.takedown.explain_places import decided_in
from unseen.takedown.explain_rules import why
from unseen.takedown.explain_words import FINDING_WORDS, words_of
from unseen.takedown.models import Finding, Notice
from unseen.takedown.queries import in_order
from unseen.takedown.routes import Reading

_CLOCK_STARTS = ("item:notice:delivered", "notice:send:delivered")
_LOOKED = "item:place:rechecked"


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What one vantage found. `country`: where it stands, if that is known."""

    vantage: str
    kind: str  # domain.recheck.FindingKind
    country: str = ""

    @property
    def words(self) -> str:
        """As the desk says it."""
        return FINDING_WORDS.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `rule` and `decided_in` are empty where nothing was decided.

    `why`: the rule as a sentence with the facts of this item. `times`: looks that said the same are told once.
    """

    entry: int  # number in the journal
    at: datetime
    tag: str
    words: str
    rule: str
    decided_in: str
    findings: tuple[FindingLine, ...] = ()
    why: str = ""
    times: int = 1
    until: datetime | None = None  # of the last of several


@dataclass(frozen=True, slots=True)
class RouteLine:
    """One way to the platform (channel and law), and what became of the notices on it so far."""

    words: str
    record: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The life of one item. `location` is for the eyes of staff: text, never something to click."""

    number: int
    reference: str
    case_reference: str
    platform_key: str
    platform: str
    location: str
    media_location: str
    stage: str
    outcome: str
    round: int
    opened_at: datetime
    closed_at: datetime | None
    withdrawn_at: datetime | None
    due_at: datetime | None
    question: str
    lines: tuple[Line, ...]
    next: Next
    routes: tuple[RouteLine, ...] = ()


def explain(item: Item, now: datetime) -> Explanation:
    """Everything that happened to the item, in order, and what is next at `now`. Raises DirectoryError."""
    notices = {str(notice.pk): notice for notice in Notice.objects.filter(item=item)}
    known = Known(item, notices, queries.directory(), _countries(item))
    party = queries.party_of(item)
    return Explanation(
        number=item.pk,
        reference=item.reference,
        case_reference=item.case.reference,
        platform_key=party.key,
        platform=party.name,
        location=item.location,
        media_location=item.media_location,
        stage=item.stage,
        outcome=item.outcome,
        round=item.round,
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        withdrawn_at=item.withdrawn_at,
        due_at=item.due_at,
        question=item.question,
        lines=tuple(_folded(_lines(_life(item, tuple(notices)), known))),
        next=_with_why(next_of([item], now)[item.pk], known),
        routes=tuple(_routes(party.key, known)),
    )


def _routes(party_key: str, known: Known) -> Iterator[RouteLine]:
    for route in Reading().routes_of(party_key):
        channel = CHANNEL_WORDS.get(route.channel, route.channel)
        yield RouteLine(f"{channel}, under {known.law(route.law)}", route.record.words)


def _life(item: Item, notice_ids: Collection[str]) -> list[Told]:
    """What the journal says about the item and about its notices, in the order of the journal."""
    rows = Entry.objects.filter(subject_kind="notice", subject_id__in=list(notice_ids))
    of_notices = [
        Told(row.pk, row.at, row.tag, {"notice": row.subject_id, **json.loads(row.data)}) for row in rows
    ]
    return sorted([*life_of(about("item", item.pk)), *of_notices], key=lambda told: told.number)


def _countries(item: Item) -> dict[str, str]:
    rows = Finding.objects.filter(recheck__item=item).values_list("vantage", "country").distinct()
    return dict(rows)


def _lines(entries: Iterable[Told], known: Known) -> Iterator[Line]:
    """Each entry with its reason. What was waited for then is the last notice that was delivered before it."""
    waits_for: Notice | None = None
    for told in entries:
        yield _line(told, waits_for, known)
        notice = known.notice(told.data)
        if told.tag in _CLOCK_STARTS:
            waits_for = notice
        elif told.tag == "item:content:returned":
            waits_for = None


def _line(told: Told, waits_for: Notice | None, known: Known) -> Line:
    rule = str(told.data.get("rule", ""))
    vantages: dict[str, str] = told.data.get("vantages", {})
    return Line(
        entry=told.number,
        at=told.at,
        tag=told.tag,
        words=words_of(told, known),
        rule=rule,
        decided_in=decided_in(rule, told.tag),
        findings=tuple(
            FindingLine(name, kind, known.countries.get(name, "")) for name, kind in vantages.items()
        ),
        why=why(rule, told.tag, waits_for, known),
    )


def _folded(lines: Iterable[Line]) -> Iterator[Line]:
    """Looks in a row that say the same for the same reason are one line."""
    for (tag, *_), together in groupby(lines, lambda line: (line.tag, line.why, line.words, line.findings)):
        if tag != _LOOKED:
            yield from together
            continue
        first, *others = together
        yield replace(first, times=1 + len(others), until=others[-1].at) if others else first


def _with_why(coming: Next, known: Known) -> Next:
    waits_for = next((one for one in reversed(in_order(known.notices.values())) if _runs(one, known)), None)
    return replace(coming, why=why(coming.because, "", waits_for, known))


def _runs(notice: Notice, known: Known) -> bool:
    return notice.round == known.item.round and notice.received_at is not None
