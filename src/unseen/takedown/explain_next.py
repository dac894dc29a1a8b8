"""What is next for an item, when, and why: the domain's own decision, put into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from unseen.casework.models import Item
from unseen.domain.item import NoticeState
from unseen.domain.schedule import (
    Accept,
    Ask,
    Close,
    Recheck,
    Reopen,
    Rest,
    SendNotice,
    Step,
    Wait,
    next_step,
)
from unseen.takedown import queries
from unseen.takedown.explain_places import decided_in
from unseen.takedown.explain_words import OUTCOME_WORDS
from unseen.takedown.models import Notice

_IN_HAND = (NoticeState.READY, NoticeState.SENDING)


@dataclass(frozen=True, slots=True)
class Next:
    """What we do next. `at` is None when nothing will ever be due again."""

    at: datetime | None
    words: str
    because: str
    decided_in: str
    why: str = ""  # the same as a sentence with the facts of this item


def next_of(items: Sequence[Item], now: datetime) -> dict[int, Next]:
    """What is next for each item, by its id. One query, however many items; they come with their case."""
    found: dict[int, list[Notice]] = {item.pk: [] for item in items}
    wanted = ("item_id", "round", "rung", "to", "state", "due_at", "addressee", "made_at")
    moments = ("received_at", "deadline_at", "refused_at", "says_removed_at")
    rows = Notice.objects.filter(item__in=list(found)).only(*wanted, *moments)
    for notice in rows:
        found[notice.item_id].append(notice)
    return {item.pk: _next(item, found[item.pk], now) for item in items}


def _next(item: Item, notices: Sequence[Notice], now: datetime) -> Next:
    facts = queries.facts_from(item, notices)
    step = next_step(facts, now)
    in_hand = next((one for one in notices if one.round == item.round and one.state in _IN_HAND), None)
    if in_hand is not None and isinstance(step, Wait):
        rule = step.rule
        return Next(in_hand.due_at or now, "the notice goes out", rule, decided_in(rule, ""))
    at = now
    if isinstance(step, Wait):
        at, rule = step.until, step.rule
        then = next_step(facts, step.until)
        step = step if isinstance(then, Wait) else then
    else:
        rule = step.rule
    if item.due_at is not None and item.due_at > at:
        at = item.due_at
    words = _words(step, item)
    return Next(None if isinstance(step, Rest) else at, words, rule, decided_in(rule, ""))


def _words(step: Step, item: Item) -> str:
    match step:
        case SendNotice(rung=rung):
            return f"we write the {rung.words}"
        case Recheck() | Wait():
            return "we look at the place again"
        case Accept():
            return "we accept it and write"
        case Ask():
            return "we ask a person"
        case Close(outcome=outcome):
            return f"we close it: {OUTCOME_WORDS[outcome]}"
        case Reopen():
            return "we open it again and write"
        case Rest():
            return "nothing more is due"
