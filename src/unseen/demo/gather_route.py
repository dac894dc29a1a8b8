"""The notices of one item as the table tells them: to whom, how, under which laws, and what each came to."""

import re
from collections.abc import Callable
from datetime import datetime

from unseen.casework.models import Item
from unseen.demo.result import Route
from unseen.domain.item import NoticeState, Outcome
from unseen.takedown.models import Notice, Reply
from unseen.takedown.queries import directory, in_order
from unseen.takedown.replies import ReplyKind

_RECEIPT = re.compile(r"receipt\W+([\w-]+)")
_PROOF_CHARACTERS_MAX = 120
Hours = Callable[[datetime], float]


def routes_of(item: Item, hours: Hours) -> tuple[Route, ...]:
    """Every notice of every round, in the order in which they were made."""
    notices = in_order(Notice.objects.filter(item=item).select_related("proof"))
    received = [one for one in notices if one.state == NoticeState.SENT]
    decides = (received or notices)[-1:]
    ends = {one.round: one.pk for one in received}  # the last one received in each round
    return tuple(
        _route(item, one, hours, ends=ends.get(one.round) == one.pk, decides=one in decides)
        for one in notices
    )


def _route(item: Item, notice: Notice, hours: Hours, *, ends: bool, decides: bool) -> Route:
    known = directory()
    received, due = notice.received_at, notice.deadline_at
    return Route(
        rung=notice.rung,
        addressee=known.party(notice.addressee).name,
        channel=notice.channel,
        law=" + ".join(notice.laws),
        state=notice.state,
        received_at_hours=hours(received) if received else None,
        deadline_at_hours=hours(due) if due else None,
        proof=_proof(notice),
        laws=tuple(known.law(law_id).name for law_id in notice.laws),
        due_within_hours=(due - received).total_seconds() / 3600 if due and received else None,
        due_by_law=notice.deadline_is_statutory,
        came_to=_came_to(item, notice, ends=ends),
        decides=decides,
    )


def _proof(notice: Notice) -> str:
    """What the other side said when it took the notice over, short."""
    said = notice.proof.words if notice.proof else ""
    receipt = _RECEIPT.search(said)
    return f"receipt {receipt[1]}" if receipt else said[:_PROOF_CHARACTERS_MAX]


def _came_to(item: Item, notice: Notice, *, ends: bool) -> str:
    """What became of it, by what was seen; what they said only where we saw otherwise."""
    if notice.state != NoticeState.SENT:
        return _not_received(notice)
    if ends and (notice.round < item.round or item.outcome == Outcome.REMOVED):
        return "removed; it came back later" if notice.round < item.round else "removed"
    if ends and item.outcome == Outcome.WITHDRAWN:
        return "the person withdrew"
    if ends and item.outcome == Outcome.BLOCKED_ONLY:
        return "hidden in some countries only"
    if notice.refused_at is not None:
        return "they refused"
    if notice.says_removed_at is not None:
        return "they said removed; it was not"
    if ends and not item.outcome:
        return "the answer is not due yet"
    seen = Reply.objects.filter(notice=notice, kind=ReplyKind.ACKNOWLEDGED).exists()
    return "they confirmed receipt; no removal in time" if seen else "no removal in time"


def _not_received(notice: Notice) -> str:
    if notice.state == NoticeState.FAILED:
        bounced = Reply.objects.filter(notice=notice, kind=ReplyKind.BOUNCED).exists()
        return "it came back undelivered" if bounced else "it could not be delivered"
    if notice.state == NoticeState.UNCERTAIN:
        return "nobody can tell whether it went out"
    return "not sent yet"
