"""Writes of people at the desk: answers that can be taken back for a moment, cases taken on, locations shown."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from unseen.accounts.models import Staff
from unseen.casework import queries
from unseen.casework.models import Answer, AnswerKind, Case, Item, LookReason, LookTaken
from unseen.domain.limits import UNDO_FOR
from unseen.journal import actions as journal


class BudgetSpent(Exception):
    """This person had as many locations shown today as one may without asking; nothing was shown or stored."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer about one item; `notice` is the uncertain notice that it is about."""

    item: int
    kind: AnswerKind
    notice: uuid.UUID | None = None
    confirmation: str = ""


def give_answers(given: Sequence[Given], staff: Staff, now: datetime) -> uuid.UUID | None:
    """Keep answers; they take effect after UNDO_FOR. Returns their group, None when every item has one already."""
    group = uuid.uuid4()
    with transaction.atomic():
        wanted = {one.item: one for one in given}
        items = Item.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted)
        asked = items.filter(question__gt="").select_related("case").order_by("pk").in_bulk()
        waiting = Answer.objects.filter(item__in=asked, due_at__isnull=False)
        answered = set(waiting.values_list("item", flat=True))
        answers = [
            Answer(
                group=group,
                item=item,
                notice=wanted[pk].notice,
                staff=staff,
                kind=wanted[pk].kind,
                confirmation=wanted[pk].confirmation,
                given_at=now,
                due_at=now + UNDO_FOR,
            )
            for pk, item in asked.items()
            if pk not in answered
        ]
        Answer.objects.bulk_create(answers)
        _tell("item:answer:given", answers, staff, now)
    return group if answers else None


def take_back(group: uuid.UUID, staff: Staff, now: datetime) -> int:
    """Take back one's own answers of this group that have not taken effect; returns how many."""
    with transaction.atomic():
        waiting = Answer.objects.select_for_update(no_key=True).filter(
            group=group, staff=staff, due_at__isnull=False, lease_until__isnull=True
        )
        answers = list(waiting.order_by("item_id"))
        Answer.objects.filter(pk__in=[one.pk for one in answers]).update(due_at=None, taken_back_at=now)
        _tell("item:answer:reversed", answers, staff, now)
    return len(answers)


def settle(answer: Answer, now: datetime, *, stored: bool) -> None:
    """The answer took effect, or its item had moved on meanwhile. In the transaction of its effect."""
    Answer.objects.filter(pk=answer.pk).update(
        due_at=None, lease_by="", lease_until=None, settled_at=now, stored=stored
    )
    if not stored:
        _tell("item:answer:lapsed", [answer], answer.staff, now)


def take_on(case: Case, staff: Staff, now: datetime) -> bool:
    """Whether the case, which nobody had taken on, is this person's now."""
    return _name(Case.objects.filter(pk=case.pk, person__isnull=True), staff, "case:person:named", staff, now)


def let_go_of(case: Case, staff: Staff, now: datetime) -> bool:
    """Whether the case was this person's and is nobody's now."""
    return _name(Case.objects.filter(pk=case.pk, person=staff), None, "case:person:left", staff, now)


def _name(rows: QuerySet[Case], person: Staff | None, tag: str, by: Staff, now: datetime) -> bool:
    with transaction.atomic():
        cases = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
        for pk in cases:
            Case.objects.filter(pk=pk).update(person=person)
            journal.write(tag, journal.about("case", pk), now, staff=by.pk)
    return bool(cases)


def show_location(item: Item, staff: Staff, reason: LookReason, now: datetime) -> LookTaken:
    """Note that a full location is shown to this person, before it is. Raises BudgetSpent."""
    with transaction.atomic():
        # One at a time for one person: two pages opened together must not share the last look.
        Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
        if queries.looks_left(staff, now) <= 0:
            raise BudgetSpent("the looks of today are used up: a reviewer may allow more")
        look = LookTaken.objects.create(item=item, staff=staff, reason=reason, at=now)
        about = journal.about("item", item.pk)
        journal.write("item:location:shown", about, now, staff=staff.pk, reason=reason)
    return look


def date_back(now: datetime) -> int:
    """A clock that ran ahead is right again: no answer waits longer from now than answers do. Returns how many changed."""
    return Answer.objects.filter(due_at__gt=now + UNDO_FOR).update(due_at=now + UNDO_FOR)


def _tell(tag: str, answers: Collection[Answer], staff: Staff, now: datetime) -> None:
    lines = [
        journal.Line(tag, journal.about("item", answer.item_id), {"staff": staff.pk, "kind": answer.kind})
        for answer in answers
    ]
    journal.write_all(lines, now)
