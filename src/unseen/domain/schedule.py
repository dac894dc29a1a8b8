"""What to do next with an item, and when to look again.

`next_step` is the policy: the first rule that applies wins, and the order of the rules is the order below.
It reads facts and `now`, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from unseen.domain import limits
from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.ladder import RungRule
from unseen.domain.notice import Deadline, Law, Rung, deadline_of
from unseen.domain.recheck import SEEN_KINDS, FindingKind

_UP = SEEN_KINDS
_BLOCKED_ONLY = (FindingKind.GEOFENCED, FindingKind.RESOLVER_BLOCKED)


@dataclass(frozen=True, slots=True)
class Accept:
    """The content matches: a notice may go out."""

    rule: str


@dataclass(frozen=True, slots=True)
class SendNotice:
    """Write to this rung of the ladder."""

    rung: Rung
    rule: str


@dataclass(frozen=True, slots=True)
class Recheck:
    """Look again now, from every vantage."""

    rule: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before this time."""

    until: datetime
    rule: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A person has to answer; the item is looked at again meanwhile."""

    question: str
    rule: str


@dataclass(frozen=True, slots=True)
class Close:
    """An outcome stands."""

    outcome: Outcome
    rule: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """It is back: start a new round."""

    rule: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing will ever be due again."""

    rule: str


NOT_FETCHED = (
    "Nothing is fetched here: the person may be a minor, or this centre may not. "
    "Please pass the location to the hotline. Is it ours to write about?"
)
Step = Accept | SendNotice | Recheck | Wait | Ask | Close | Reopen | Rest
Rule = Callable[[ItemFacts, datetime], Step | None]


def next_step(item: ItemFacts, now: datetime) -> Step:
    """The one decision about an item. A look before the host's Retry-After becomes a wait."""
    for rule in RULES:
        step = rule(item, now)
        if step is None:
            continue
        if isinstance(step, Recheck) and item.look_not_before is not None and now < item.look_not_before:
            return Wait(item.look_not_before, "the host asked us to come back later")
        return step
    raise AssertionError("the last rule always applies")


def withdrawn(item: ItemFacts, now: datetime) -> Step | None:
    """Withdrawal comes before everything (promise 2)."""
    if item.withdrawn_at is None:
        return None
    if item.stage is Stage.CLOSED and item.outcome is Outcome.WITHDRAWN:
        return Rest("the person withdrew")
    return Close(Outcome.WITHDRAWN, "the person withdrew")


def when_closed(item: ItemFacts, now: datetime) -> Step | None:
    """A closed item is watched, and comes back when it is seen again."""
    if item.stage is not Stage.CLOSED or item.closed_at is None:
        return None
    if item.outcome in (Outcome.OUT_OF_SCOPE, Outcome.DUPLICATE):
        return Rest("it is not ours to act on")
    if item.outcome is Outcome.REMOVED and item.last_finding in _UP:
        return Reopen("it was removed and is back")
    if item.outcome is not Outcome.REMOVED and _gone_and_holding(item, now):
        return Close(Outcome.REMOVED, "it is gone now after all")
    if item.outcome is not Outcome.REMOVED and _unchecked_answer(item):
        return Recheck("they answered after all: is it so?")
    seen = item.last_recheck_at or item.closed_at
    pause = _watch_pause(item.rechecks_since_closing, item.luck)
    if item.outcome is not Outcome.REMOVED and item.gone_since is not None:
        pause = _hold_pause(item.luck)
    return _look_at(max(item.closed_at, seen) + pause, now, "we keep watching")


def first_look(item: ItemFacts, now: datetime) -> Step | None:
    """No match, no notice: what was only told to us is looked at first."""
    if item.stage is not Stage.RECEIVED:
        return None
    if item.matched:
        return Accept("the fingerprint matches")
    if not item.may_fetch:
        return Ask(NOT_FETCHED, "no fetch without a legal authority")
    if item.last_recheck_at is None:
        return Recheck("first look at a reported location")
    if item.last_finding is FindingKind.UNKNOWN and item.unknown_in_a_row <= limits.UNKNOWN_RETRIES_MAX:
        return _look_at(
            item.last_recheck_at + limits.UNKNOWN_RETRY_AFTER, now, "the first look saw nothing clear"
        )
    return Ask(
        "We looked and did not find the picture at this location. Is the location right?",
        "no match, no notice",
    )


def in_review(item: ItemFacts, now: datetime) -> Step | None:
    """While a person thinks, we look once a day; a match needs no person any more."""
    if item.stage is not Stage.REVIEW:
        return None
    if item.matched:
        return Accept("the fingerprint matches now")
    return _look_at((item.last_recheck_at or item.opened_at) + limits.LOOK_DAILY, now, "a person was asked")


def gone(item: ItemFacts, now: datetime) -> Step | None:
    """Gone counts when it holds (promise 5); no notice goes out while it seems gone."""
    if item.gone_since is None or item.last_recheck_at is None or _in_hand(item.notice):
        return None
    if _gone_and_holding(item, now):
        return Close(Outcome.REMOVED, "gone from every vantage, and it holds")
    return _look_at(item.last_recheck_at + _hold_pause(item.luck), now, "it seems gone: does it hold?")


def first_notice(item: ItemFacts, now: datetime) -> Step | None:
    """Accepted and not yet written to anybody in this round."""
    if item.stage is not Stage.NOTICE or item.notice is not None:
        return None
    if item.next_rung is not None and item.start is not None:
        return _next_rung(item, now, "it is back: first the strongest way that removed it before")
    if item.next_rung is not None:
        return _next_rung(item, now, "accepted: the first rung of the ladder")
    if not item.question:
        return Ask("We know nobody to write to about this site. Who hosts it?", "no addressee is known")
    return _look_at((item.last_recheck_at or item.opened_at) + limits.LOOK_DAILY, now, "a person was asked")


def notice_in_hand(item: ItemFacts, now: datetime) -> Step | None:
    """A notice is being sent, failed, or nobody knows whether it went."""
    notice = item.notice
    if notice is None or notice.state is NoticeState.SENT:
        return None
    if notice.state is NoticeState.FAILED:
        return _next_rung(item, now, "the notice could not be delivered")
    if notice.state is NoticeState.UNCERTAIN:
        if not item.question:
            return Ask(
                "Nobody can tell whether this notice went out. Did it?", "uncertain is never sent twice"
            )
        return _look_at(
            (item.last_recheck_at or item.opened_at) + limits.LOOK_DAILY, now, "a person was asked"
        )
    return Wait(now + limits.LEASE, "the notice is being sent")


def they_answered(item: ItemFacts, now: datetime) -> Step | None:
    """An answer is checked before it is believed, whether it says removed or refused."""
    notice = item.notice
    if notice is None:
        return None
    if _unchecked_answer(item):
        return Recheck("they answered: is it so?")
    if notice.refused_at is not None and item.last_finding is not FindingKind.UNKNOWN:
        return _next_rung(item, now, "they refused")
    return None


def deadline_passed(item: ItemFacts, now: datetime) -> Step | None:
    """After the deadline one look decides; if nothing can be seen, we try for a while, then go on."""
    notice = item.notice
    if notice is None or notice.deadline_at is None or now < notice.deadline_at:
        return None
    if item.last_recheck_at is None or item.last_recheck_at < notice.deadline_at:
        return Recheck("the deadline has passed")
    if item.last_finding is FindingKind.UNKNOWN and item.unknown_in_a_row <= limits.UNKNOWN_RETRIES_MAX:
        return _look_at(
            item.last_recheck_at + limits.UNKNOWN_RETRY_AFTER, now, "we could not see: again soon"
        )
    return _next_rung(item, now, "the deadline has passed and it is still there")


def routine(item: ItemFacts, now: datetime) -> Step:
    """Between receipt and deadline: soon, the same day, then daily, and at the deadline."""
    notice = item.notice
    received_at = notice.received_at if notice and notice.received_at else item.opened_at
    look_at = _routine_look(received_at, item.last_recheck_at)
    if notice and notice.deadline_at is not None and notice.deadline_at < look_at:
        look_at = notice.deadline_at
    return _look_at(look_at, now, "routine look while the deadline runs")


RULES: tuple[Rule, ...] = (
    withdrawn,
    when_closed,
    first_look,
    in_review,
    gone,
    first_notice,
    notice_in_hand,
    they_answered,
    deadline_passed,
    routine,
)


def _look_at(at: datetime, now: datetime, rule: str) -> Step:
    return Recheck(rule) if now >= at else Wait(at, rule)


def _in_hand(notice: NoticeFacts | None) -> bool:
    return notice is not None and notice.state in (NoticeState.READY, NoticeState.SENDING)


def _gone_and_holding(item: ItemFacts, now: datetime) -> bool:
    """Gone in every look over the pause, and the last look is fresh: an old one proves nothing about now."""
    if item.gone_since is None or item.last_recheck_at is None:
        return False
    fresh = now - item.last_recheck_at < limits.GONE_HOLDS_FOR
    return fresh and item.last_recheck_at - item.gone_since >= limits.GONE_HOLDS_FOR


def _watch_pause(rechecks: int, luck: float) -> timedelta:
    """Nobody who knows the plan knows the hour: a site could be good whenever a look is due."""
    plan = limits.WATCH_AFTER_CLOSING
    pause = plan[rechecks] if rechecks < len(plan) else limits.WATCH_EVERY
    return pause * (1 + limits.WATCH_STRETCH_MAX * luck)


def _hold_pause(luck: float) -> timedelta:
    return limits.GONE_HOLDS_FOR * (1 + limits.HOLD_STRETCH_MAX * luck)


def _routine_look(received_at: datetime, last_recheck_at: datetime | None) -> datetime:
    for pause in limits.LOOK_AFTER_NOTICE:
        at = received_at + pause
        if last_recheck_at is None or last_recheck_at < at:
            return at
    assert last_recheck_at is not None
    return last_recheck_at + limits.LOOK_DAILY


def _unchecked_answer(item: ItemFacts) -> bool:
    """Whether the latest notice was answered after the latest look."""
    notice = item.notice
    answers = [at for at in (notice.says_removed_at, notice.refused_at) if at is not None] if notice else []
    return bool(answers) and (item.last_recheck_at is None or item.last_recheck_at < max(answers))


def _next_rung(item: ItemFacts, now: datetime, rule: str) -> Step:
    rung = item.next_rung
    if rung is not None:
        return SendNotice(rung, rule)
    return Close(_outcome_at_the_end(item), f"{rule}; the ladder has no further rung")


def _outcome_at_the_end(item: ItemFacts) -> Outcome:
    """The honest word for an item that is still there when every rung was tried."""
    if item.last_finding in _BLOCKED_ONLY:
        return Outcome.BLOCKED_ONLY
    if any(notice.refused_at is not None for notice in item.notices):
        return Outcome.REFUSED
    return Outcome.UNREACHABLE


def deadline_for(law: Law, received_at: datetime, rule: RungRule | None = None) -> Deadline:
    """The deadline of a notice that was received. A rung may have our own, shorter target."""
    hours = rule.answer_hours_max if rule is not None else None
    if rule is None or hours is None or hours >= law.hours:
        return deadline_of(law, received_at)
    at = received_at + timedelta(hours=hours)
    return Deadline(at, law.id, law.version, statutory=False, hours=hours, ladder_version=rule.version)
