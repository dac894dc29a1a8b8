"""The whole life of an item in plain words: what happened, which rule decided it, and what is next."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from unseen.casework.models import Item
from unseen.journal.actions import about
from unseen.journal.models import Entry
from unseen.journal.queries import Told, life_of
from unseen.takedown import queries
from unseen.takedown.directory.party import CHANNEL_WORDS
from unseen.takedown.explain_next import Next, next_of
from unseen.takedown.explain_places import decided_in
from unseen.takedown.explain_words import FINDING_WORDS, Known, words_of
from unseen.takedown.models import Notice
from unseen.takedown.routes import routes_of


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What one vantage found."""

    vantage: str
    kind: str  # domain.recheck.FindingKind

    @property
    def words(self) -> str:
        """As the desk says it."""
        return FINDING_WORDS.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `rule` and `decided_in` are empty where nothing was decided."""

    entry: int  # number in the journal
    at: datetime
    tag: str
    words: str
    rule: str
    decided_in: str
    findings: tuple[FindingLine, ...] = ()


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
    known = Known(item, notices, queries.directory())
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
        lines=tuple(_line(told, known) for told in _life(item, tuple(notices))),
        next=next_of([item], now)[item.pk],
        routes=tuple(_routes(party.key, known)),
    )


def _routes(party_key: str, known: Known) -> Iterator[RouteLine]:
    for route in routes_of(party_key):
        channel = CHANNEL_WORDS.get(route.channel, route.channel)
        yield RouteLine(f"{channel}, under {known.law(route.law)}", route.record.words)


def _life(item: Item, notice_ids: Collection[str]) -> list[Told]:
    """What the journal says about the item and about its notices, in the order of the journal."""
    rows = Entry.objects.filter(subject_kind="notice", subject_id__in=list(notice_ids))
    of_notices = [
        Told(row.pk, row.at, row.tag, {"notice": row.subject_id, **json.loads(row.data)}) for row in rows
    ]
    return sorted([*life_of(about("item", item.pk)), *of_notices], key=lambda told: told.number)


def _line(told: Told, known: Known) -> Line:
    rule = str(told.data.get("rule", ""))
    vantages: dict[str, str] = told.data.get("vantages", {})
    return Line(
        entry=told.number,
        at=told.at,
        tag=told.tag,
        words=words_of(told, known),
        rule=rule,
        decided_in=decided_in(rule, told.tag),
        findings=tuple(FindingLine(name, kind) for name, kind in vantages.items()),
    )
