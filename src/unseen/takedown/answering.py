"""Due work: answers of people at the desk take effect once they can no longer be taken back."""

from datetime import datetime

from django.db import transaction

from unseen import leases
from unseen.casework import actions as casework
from unseen.casework import desk_actions as desk
from unseen.casework.models import Answer, AnswerKind
from unseen.domain.item import IllegalMove
from unseen.keys.queries import KeyGone
from unseen.takedown.actions import sending
from unseen.takedown.models import Notice

_answers = leases.Handful()


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many answers took effect or lapsed."""
    with _answers.claimed(Answer.objects.select_related("staff"), worker, now) as answers:
        for answer in answers:
            _take_effect(answer, now)
    return len(answers)


def next_due_at() -> datetime | None:
    """When the next answer takes effect."""
    return leases.next_due_at(Answer.objects.filter(due_at__isnull=False))


def _take_effect(answer: Answer, now: datetime) -> None:
    """An item that moved on meanwhile is left alone: what the person saw is no longer so, or was destroyed after withdrawal."""
    try:
        with transaction.atomic():
            _carry_out(answer, now)
            desk.settle(answer, now, stored=True)
    except (IllegalMove, casework.Stale, KeyGone):
        with transaction.atomic():
            desk.settle(answer, now, stored=False)


def _carry_out(answer: Answer, now: datetime) -> None:
    kind = AnswerKind(answer.kind)
    if kind in (AnswerKind.ACCEPT, AnswerKind.OUT_OF_SCOPE):
        ours = kind is AnswerKind.ACCEPT
        casework.answer_question(answer.item_id, ours=ours, staff=answer.staff, now=now)
        return
    about = Notice.objects.filter(item=answer.item_id)
    notice = about.filter(pk=answer.notice).first() if answer.notice else None
    if notice is None:
        raise casework.Stale(f"item {answer.item_id} has no such notice")
    sending.say_what_happened(
        notice,
        went_out=kind is AnswerKind.WENT_OUT,
        staff=answer.staff,
        now=now,
        confirmation=answer.confirmation,
    )
