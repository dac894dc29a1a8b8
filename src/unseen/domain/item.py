"""An item: one piece of content at one location. Its stages, the legal moves between them, its facts.

Stages are few, facts are many. Nothing but `MOVES` says what can follow what, and nothing but the functions
of this file makes new facts from old ones.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from unseen.domain import limits
from unseen.domain.ladder import NOTHING_EARLIER, Earlier, Need, RungRule, climb_from, rule_of, strongest
from unseen.domain.notice import Rung
from unseen.domain.recheck import SEEN_KINDS, Conclusion, FindingKind


class Stage(StrEnum):
    """Where an item stands."""

    RECEIVED = "received"  # told to us or found by us; not yet seen to match
    REVIEW = "review"  # a person has a question to answer
    NOTICE = "notice"  # the next notice is to go out
    RECHECK = "recheck"  # a notice was received; we look again until the deadline decides
    CLOSED = "closed"  # an outcome stands; we keep watching


class Event(StrEnum):
    """What can happen to an item."""

    MATCHED = "matched"
    QUESTIONED = "questioned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOTICED = "noticed"
    ESCALATED = "escalated"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    CAME_BACK = "came_back"


class Outcome(StrEnum):
    """How an item closed."""

    REMOVED = "removed"
    BLOCKED_ONLY = "blocked_only"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"


MOVES: Mapping[tuple[Stage, Event], Stage] = MappingProxyType(
    {
        (Stage.RECEIVED, Event.MATCHED): Stage.NOTICE,
        (Stage.RECEIVED, Event.QUESTIONED): Stage.REVIEW,
        (Stage.RECEIVED, Event.SETTLED): Stage.CLOSED,
        (Stage.RECEIVED, Event.WITHDRAWN): Stage.CLOSED,
        (Stage.REVIEW, Event.MATCHED): Stage.NOTICE,
        (Stage.REVIEW, Event.ACCEPTED): Stage.NOTICE,
        (Stage.REVIEW, Event.DECLINED): Stage.CLOSED,
        (Stage.REVIEW, Event.WITHDRAWN): Stage.CLOSED,
        (Stage.NOTICE, Event.NOTICED): Stage.RECHECK,
        (Stage.NOTICE, Event.ESCALATED): Stage.NOTICE,
        (Stage.NOTICE, Event.SETTLED): Stage.CLOSED,
        (Stage.NOTICE, Event.WITHDRAWN): Stage.CLOSED,
        (Stage.RECHECK, Event.ESCALATED): Stage.NOTICE,
        (Stage.RECHECK, Event.SETTLED): Stage.CLOSED,
        (Stage.RECHECK, Event.WITHDRAWN): Stage.CLOSED,
        (Stage.CLOSED, Event.CAME_BACK): Stage.NOTICE,
        (Stage.CLOSED, Event.SETTLED): Stage.CLOSED,
        (Stage.CLOSED, Event.WITHDRAWN): Stage.CLOSED,
    }
)


class IllegalMove(ValueError):
    """An event came at a stage that does not allow it; nothing was changed."""


class NoticeState(StrEnum):
    """Where the sending of one notice stands."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One notice of the present round, as far as the next step depends on it."""

    rung: Rung
    state: NoticeState
    received_at: datetime | None = None  # provable receipt: the clock of the law starts here
    deadline_at: datetime | None = None
    refused_at: datetime | None = None
    says_removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """All that decides the next step of one item. Times are aware UTC."""

    stage: Stage
    opened_at: datetime
    round: int = 1
    matched: bool = False
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    last_recheck_at: datetime | None = None
    last_finding: FindingKind | None = None
    gone_since: datetime | None = None
    unknown_in_a_row: int = 0
    rechecks_since_closing: int = 0
    look_not_before: datetime | None = None
    question: str = ""
    may_fetch: bool = True  # False: a minor, or nobody knows, or the centre's legal profile forbids it
    ladder: tuple[Rung, ...] = ()  # a rung stands here once for each addressee that it has
    notices: tuple[NoticeFacts, ...] = ()
    rules: tuple[RungRule, ...] = ()  # order and preconditions of the rungs
    earlier: Earlier = NOTHING_EARLIER  # what earlier rounds leave to this one
    # From 0 to 1, known to nobody outside: by how much the next look comes after its planned hour.
    luck: float = 0.0

    @property
    def notice(self) -> NoticeFacts | None:
        """The latest notice of this round."""
        return self.notices[-1] if self.notices else None

    @property
    def start(self) -> Rung | None:
        """Where this round began, or begins: the strongest rung that worked before. None: at the foot of the ladder."""
        if not self.notices:
            return strongest(self.earlier.worked, self.ladder, self.rules)
        first = self.notices[0].rung
        return first if first in self.earlier.worked else None

    @property
    def next_rung(self) -> Rung | None:
        """The next rung of this round's climb with somebody left to ask and its needs met; never one already passed."""
        order = climb_from(self.start, self.rules)
        used, leads_to = Counter(notice.rung for notice in self.notices), Counter(self.ladder)
        lowest = max((order.index(rung) for rung in used if rung in order), default=0)
        ahead = (rung for rung in order[lowest:] if leads_to[rung] > used[rung])
        return next((rung for rung in ahead if self._may_take(rung)), None)

    def _may_take(self, rung: Rung) -> bool:
        rule = rule_of(self.rules, rung)
        if rule is None:
            return True
        made = self.earlier.notices + len(self.notices)
        return made >= rule.notices_before_min and all(_MET[need](self) for need in rule.needs)


# Somebody gets it, though perhaps not everybody.
_SEEN = (*SEEN_KINDS, FindingKind.CLOAKED, FindingKind.GEOFENCED, FindingKind.RESOLVER_BLOCKED)
_MET: Mapping[Need, Callable[[ItemFacts], bool]] = MappingProxyType(
    {
        # Who has refused needs no reminder: the rung after it decides.
        Need.NOT_REFUSED: lambda item: item.notice is None or item.notice.refused_at is None,
        Need.RECEIPT_PROVEN: lambda item: (
            bool(item.earlier.worked) or any(one.received_at for one in item.notices)
        ),
        Need.SEEN: lambda item: item.last_finding in _SEEN,
    }
)


def moved(facts: ItemFacts, event: Event) -> ItemFacts:
    """The same item one legal move further. Raises IllegalMove."""
    try:
        stage = MOVES[facts.stage, event]
    except KeyError:
        raise IllegalMove(f"'{event}' cannot happen to an item at stage '{facts.stage}'") from None
    return replace(facts, stage=stage)


def closed(facts: ItemFacts, outcome: Outcome, now: datetime) -> ItemFacts:
    """Close with an outcome (withdrawal included). A better outcome may replace an earlier one."""
    event = {Outcome.WITHDRAWN: Event.WITHDRAWN, Outcome.OUT_OF_SCOPE: Event.DECLINED}.get(
        outcome, Event.SETTLED
    )
    return replace(moved(facts, event), outcome=outcome, closed_at=now, rechecks_since_closing=0, question="")


def accepted(facts: ItemFacts) -> ItemFacts:
    """It matches, or a person said that it does: a notice may go out."""
    event = Event.MATCHED if facts.matched else Event.ACCEPTED
    return replace(moved(facts, event), question="")


def noticed(facts: ItemFacts) -> ItemFacts:
    """The notice was received, provably: its deadline runs."""
    return moved(facts, Event.NOTICED)


def escalated(facts: ItemFacts) -> ItemFacts:
    """The next rung is written to. The first notice of a round is no escalation."""
    return moved(facts, Event.ESCALATED) if facts.notices else facts


def questioned(facts: ItemFacts, question: str) -> ItemFacts:
    """A person is asked. An item that was not yet accepted waits in review; any other goes on by itself."""
    if facts.stage is Stage.RECEIVED:
        facts = moved(facts, Event.QUESTIONED)
    return replace(facts, question=question)


def reopened(facts: ItemFacts) -> ItemFacts:
    """It came back: a new round starts, each rung may be used once more, and what worked is remembered."""
    received = [one.rung for one in facts.notices if one.state is NoticeState.SENT]
    return replace(
        moved(facts, Event.CAME_BACK),
        round=facts.round + 1,
        outcome=None,
        closed_at=None,
        gone_since=None,
        unknown_in_a_row=0,
        rechecks_since_closing=0,
        notices=(),
        earlier=Earlier((*facts.earlier.worked, *received[-1:]), facts.earlier.notices + len(facts.notices)),
    )


def rechecked(facts: ItemFacts, conclusion: Conclusion, now: datetime) -> ItemFacts:
    """What a recheck changes. `gone_since` holds only while every look since then says gone (promise 5).

    A look that says gone does not end a row of unknown ones: turns of gone and unknown would never come to an end.
    """
    kind = conclusion.kind
    asked = conclusion.look_not_before
    gone = kind is FindingKind.GONE
    unknown = kind is FindingKind.UNKNOWN
    return replace(
        facts,
        matched=facts.matched or conclusion.matched,
        last_recheck_at=now,
        last_finding=kind,
        gone_since=(facts.gone_since or now) if gone else None,
        unknown_in_a_row=facts.unknown_in_a_row + unknown if unknown or gone else 0,
        rechecks_since_closing=facts.rechecks_since_closing + (facts.stage is Stage.CLOSED),
        look_not_before=min(asked, now + limits.RETRY_AFTER_MAX) if asked is not None else None,
    )
