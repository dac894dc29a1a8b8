from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from django.db import transaction

from unseen.accounts.models import Staff
from unseen.casework.actions import (
    Change,
    Stale,
    answer_question,
    make_due,
    still_true,
    store,
    store_all,
    withdraw_case,
)
from unseen.casework.models import Item
from unseen.casework.tests.cases import a_case, an_item, closed, found
from unseen.domain.item import IllegalMove, Outcome, Stage
from unseen.intake.tests.reports import HOUR, NOON, PAGE
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db
TOMORROW = NOON + 24 * HOUR


def hold(item: Item) -> Item:
    """The item in the hands of a worker."""
    Item.objects.filter(pk=item.pk).update(lease_by="one", lease_until=NOON + HOUR)
    return Item.objects.get(pk=item.pk)


def decide(item: Item, due_at: datetime | None = TOMORROW) -> None:
    """Ask a person about the item, as decided from what is in memory."""
    before = item.facts((), ())
    after = replace(before, stage=Stage.REVIEW, question="Is it?")
    with transaction.atomic():
        store(item, before, after, tag="item:person:asked", rule="test", due_at=due_at, now=NOON)


def test_a_decision_is_stored_with_one_entry_and_the_lease_given_back() -> None:
    item = hold(an_item())
    decide(item)
    stored = Item.objects.get(pk=item.pk)
    assert (stored.stage, stored.question, stored.due_at) == (Stage.REVIEW, "Is it?", TOMORROW)
    assert (stored.lease_by, stored.lease_until) == ("", None)
    told = life_of(about("item", item.pk))
    assert [entry.tag for entry in told] == ["item:location:reported", "item:person:asked"]
    assert told[-1].data == {"stage": "review", "outcome": "", "round": 1, "rule": "test"}


@pytest.mark.parametrize(
    "change", [{"withdrawn_at": NOON}, {"question": "another"}, {"stage": Stage.NOTICE}, {"round": 2}]
)
def test_a_decision_about_facts_that_changed_is_stale_and_stores_nothing(change: dict[str, object]) -> None:
    item = hold(an_item())
    Item.objects.filter(pk=item.pk).update(**change)
    before = Item.objects.filter(pk=item.pk).values().get()
    with pytest.raises(Stale, match=f"item {item.pk} changed meanwhile"):
        decide(item)
    assert Item.objects.filter(pk=item.pk).values().get() == before
    assert len(life_of(about("item", item.pk))) == 1


def test_a_wake_up_that_came_in_meanwhile_is_kept() -> None:
    item = hold(an_item())
    make_due(item.pk, NOON + HOUR / 60)
    decide(item)
    stored = Item.objects.get(pk=item.pk)
    assert (stored.due_at, stored.lease_until) == (NOON + HOUR / 60, None)


def test_a_person_who_took_the_item_meanwhile_keeps_it() -> None:
    item = hold(an_item())
    staff = Staff.objects.create(username="bo")
    Item.objects.filter(pk=item.pk).update(person=staff)
    decide(item, due_at=None)
    assert Item.objects.get(pk=item.pk).person == staff


def test_without_a_step_only_the_due_time_changes() -> None:
    item = hold(an_item())
    postpone(item)
    stored = Item.objects.get(pk=item.pk)
    assert (stored.due_at, stored.lease_by, stored.lease_until) == (TOMORROW, "", None)
    assert len(life_of(about("item", item.pk))) == 1


def test_postponing_keeps_a_wake_up_that_came_in_meanwhile() -> None:
    item = hold(an_item())
    make_due(item.pk, NOON + HOUR / 60)
    postpone(item)
    stored = Item.objects.get(pk=item.pk)
    assert (stored.due_at, stored.lease_by, stored.lease_until) == (NOON + HOUR / 60, "", None)


def postpone(item: Item) -> None:
    change = Change(item, item.facts((), ()), TOMORROW)
    with transaction.atomic():
        store_all(still_true([change]), NOON)


@pytest.mark.parametrize(("due_at", "woken"), [(NOON, TOMORROW), (None, None)])
def test_a_closed_item_is_woken_unless_it_rests_for_good(
    due_at: datetime | None, woken: datetime | None
) -> None:
    item = closed(an_item(), Outcome.REMOVED)
    Item.objects.filter(pk=item.pk).update(due_at=due_at)
    make_due(item.pk, TOMORROW)
    assert Item.objects.get(pk=item.pk).due_at == woken


def test_withdrawing_a_case_marks_every_item_and_tells_it_once() -> None:
    case = a_case(PAGE, "https://platform.test/p/2")
    copy = found(case, "https://other.test/p/3")
    assert copy is not None
    closed(copy, Outcome.REMOVED)
    other = an_item()
    withdraw_case(case, NOON + HOUR)
    withdraw_case(case, TOMORROW)
    items = case.items.order_by("pk")
    assert [(item.withdrawn_at, item.due_at) for item in items] == [(NOON + HOUR, NOON + HOUR)] * 3
    assert [entry.tag for entry in life_of(about("case", case.pk))] == [
        "case:report:opened",
        "case:report:withdrawn",
    ]
    for item in items:
        told = [entry for entry in life_of(about("item", item.pk)) if entry.tag == "item:case:withdrawn"]
        assert [entry.data["stage"] for entry in told] == [item.stage]
    other.refresh_from_db()
    assert (other.withdrawn_at, other.due_at) == (None, NOON)


def test_a_worker_with_the_item_in_hand_learns_of_the_withdrawal() -> None:
    item = hold(an_item())
    withdraw_case(item.case, NOON)
    with pytest.raises(Stale):
        decide(item)
    assert Item.objects.get(pk=item.pk).withdrawn_at == NOON


@pytest.mark.parametrize(
    ("ours", "stage", "outcome"), [(True, Stage.NOTICE, ""), (False, Stage.CLOSED, Outcome.OUT_OF_SCOPE)]
)
def test_an_answer_moves_the_item_and_names_who_gave_it(ours: bool, stage: Stage, outcome: str) -> None:
    item = an_item()
    decide(item)
    staff = Staff.objects.create(username="bo")
    answer_question(item.pk, ours=ours, staff=staff, now=NOON + HOUR)
    stored = Item.objects.get(pk=item.pk)
    assert (stored.stage, stored.outcome, stored.question, stored.due_at) == (stage, outcome, "", NOON + HOUR)
    last = life_of(about("item", item.pk))[-1]
    assert (last.tag, last.data["staff"]) == ("item:question:answered", staff.pk)


def answer_twice(item: Item) -> None:
    for _ in range(2):
        answer_question(item.pk, ours=True, staff=Staff.objects.get(), now=NOON)


def answer_unasked(item: Item) -> None:
    Item.objects.filter(pk=item.pk).update(stage=Stage.RECHECK)
    answer_question(item.pk, ours=False, staff=Staff.objects.get(), now=NOON)


@pytest.mark.parametrize("answer", [answer_twice, answer_unasked])
def test_an_answer_that_nobody_waits_for_is_refused(answer: Callable[[Item], None]) -> None:
    item = an_item()
    decide(item)
    Staff.objects.create(username="bo")
    with pytest.raises(IllegalMove):
        answer(item)
