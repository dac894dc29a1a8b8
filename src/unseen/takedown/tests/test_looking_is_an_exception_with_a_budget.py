from datetime import timedelta

import pytest

from unseen.accounts.actions import ask, decide
from unseen.accounts.models import ApprovalKind, Role, Staff
from unseen.casework import queries
from unseen.casework.desk_actions import BudgetSpent, let_go_of, show_location, take_on
from unseen.casework.models import Case, Item, LookReason, LookTaken
from unseen.domain.limits import LOOKS_A_DAY_MAX
from unseen.journal.models import Entry
from unseen.takedown.tests.lives import NOON, a_case, found_copy

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def bo(db: None) -> Staff:
    return Staff.objects.create(username="bo", role=Role.CASEWORKER)


@pytest.fixture
def item(db: None) -> Item:
    return found_copy(a_case(), "http://prompt.test/p/1")


def _use_up(item: Item, staff: Staff) -> None:
    while queries.looks_left(staff, NOON):
        show_location(item, staff, LookReason.ASKED, NOON)


def test_each_look_is_noted_with_its_reason(item: Item, bo: Staff) -> None:
    show_location(item, bo, LookReason.POLICE, NOON)
    entry = Entry.objects.get(tag="item:location:shown")
    assert (entry.subject_id, entry.data) == (str(item.pk), f'{{"reason":"police","staff":{bo.pk}}}')
    (look,) = queries.looks_at(item.case)
    assert (look.staff, look.reason, look.at) == (bo, "police", NOON)


def test_the_budget_of_a_day_ends(item: Item, bo: Staff) -> None:
    _use_up(item, bo)
    assert LookTaken.objects.count() == LOOKS_A_DAY_MAX
    with pytest.raises(BudgetSpent):
        show_location(item, bo, LookReason.ASKED, NOON)
    assert LookTaken.objects.count() == LOOKS_A_DAY_MAX
    assert queries.looks_left(bo, NOON + A_DAY + timedelta(seconds=1)) == LOOKS_A_DAY_MAX


def test_one_persons_looks_are_not_anothers(item: Item, bo: Staff) -> None:
    _use_up(item, bo)
    assert queries.looks_left(Staff.objects.create(username="other"), NOON) == LOOKS_A_DAY_MAX


def test_a_reviewer_allows_as_many_again_for_a_day(item: Item, bo: Staff) -> None:
    _use_up(item, bo)
    asked = ask(ApprovalKind.LOOK_MORE, "bo", bo, NOON)
    decide(asked.pk, Staff.objects.create(username="r", role=Role.REVIEWER), allowed=True, now=NOON)
    assert queries.looks_left(bo, NOON) == LOOKS_A_DAY_MAX
    assert queries.looks_max(bo, NOON + 2 * A_DAY) == LOOKS_A_DAY_MAX


def test_a_case_is_taken_on_by_one_and_let_go_by_her_only(item: Item, bo: Staff) -> None:
    other = Staff.objects.create(username="other", role=Role.CASEWORKER)
    assert not let_go_of(item.case, bo, NOON)
    assert take_on(item.case, bo, NOON)
    assert not take_on(item.case, other, NOON)
    assert not let_go_of(item.case, other, NOON)
    assert Case.objects.get().person == bo
    assert let_go_of(item.case, bo, NOON)
    assert Case.objects.get().person is None
    told = Entry.objects.filter(tag__startswith="case:person").order_by("pk").values_list("tag", flat=True)
    assert list(told) == ["case:person:named", "case:person:left"]
