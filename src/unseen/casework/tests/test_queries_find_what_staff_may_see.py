from datetime import UTC, datetime, timedelta

import pytest

from unseen.accounts.models import Staff
from unseen.casework.models import Case, FoundBy, Item
from unseen.casework.queries import (
    PAGE_ROWS,
    Wanted,
    hosts,
    item_named,
    item_numbered,
    items_at,
    open_and_asking,
    page_of,
)
from unseen.domain.item import Outcome, Stage
from unseen.intake.models import Report
from unseen.keys.actions import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def case() -> Case:
    report = Report.objects.create(received_at=NOON, locator="L", receipt_digest="", age_band="adult")
    make([report.pk])
    return Case.objects.create(reference="CASE2", report=report, country="KR", opened_at=NOON)


def an_item(case: Case, number: int, **columns: object) -> Item:
    values = {
        "reference": f"REF{number}",
        "location": f"http://a.test/{number}",
        "host": "a.test",
        "stage": Stage.NOTICE,
        "due_at": NOON + timedelta(hours=number),
        **columns,
    }
    return Item.objects.create(case=case, found_by=FoundBy.SCAN, opened_at=NOON, **values)


def closed(case: Case, number: int, due_at: datetime | None) -> Item:
    end = {"stage": Stage.CLOSED, "outcome": Outcome.OUT_OF_SCOPE, "closed_at": NOON}
    return an_item(case, number, due_at=due_at, **end)


def numbers(wanted: Wanted, page: int = 1) -> list[int]:
    return [item.pk for item in page_of(wanted, page).items]


def test_the_earliest_due_comes_first_and_what_is_never_due_last(case: Case) -> None:
    never, late, soon = closed(case, 1, None), an_item(case, 9), an_item(case, 2)
    assert numbers(Wanted(stages=tuple(Stage))) == [soon.pk, late.pk, never.pk]
    assert numbers(Wanted()) == [soon.pk, late.pk]
    assert numbers(Wanted(stages=(Stage.CLOSED,))) == [never.pk]


def test_pages_have_fifty_rows_and_say_whether_more_follow(case: Case) -> None:
    for number in range(PAGE_ROWS + 1):
        an_item(case, number)
    first, second = page_of(Wanted(), 1), page_of(Wanted(), 2)
    assert (len(first.items), first.has_next) == (50, True)
    assert (len(second.items), second.has_next) == (1, False)
    assert not set(first.items) & set(second.items)
    assert page_of(Wanted(), 3).items == ()


def test_filters_narrow_by_host_and_by_what_a_person_must_do(case: Case) -> None:
    bo = Staff.objects.create(username="bo")
    plain, other = an_item(case, 1), an_item(case, 2, host="b.test")
    asking, with_bo = an_item(case, 3, question="Is it?"), an_item(case, 4, person=bo, due_at=None)
    assert numbers(Wanted(hosts=["b.test"])) == [other.pk]
    assert numbers(Wanted(hosts=[])) == []
    assert numbers(Wanted(needs_person=True)) == [asking.pk, with_bo.pk]
    assert open_and_asking() == (4, 2)
    assert hosts() == ["a.test", "b.test"]
    assert [item.pk for item in items_at(["a.test"])] == [with_bo.pk, asking.pk, plain.pk]


@pytest.mark.parametrize("text", ["ref7", " REF7 ", "#{pk}", "{pk}"])
def test_search_finds_one_item_at_any_stage(case: Case, text: str) -> None:
    item = closed(case, 7, None)
    an_item(case, 8)
    assert numbers(Wanted(text=text.format(pk=item.pk))) == [item.pk]
    assert item_named(text.format(pk=item.pk)) == item


def test_a_case_is_found_by_its_reference(case: Case) -> None:
    pair = [an_item(case, 1).pk, an_item(case, 2).pk]
    assert numbers(Wanted(text="case2")) == pair
    assert item_named("case2") is None


@pytest.mark.parametrize("text", ["nothing", "9" * 40, "²", "-1", "%", "a.test"])
def test_what_nobody_is_called_finds_nothing(case: Case, text: str) -> None:
    an_item(case, 1)
    assert numbers(Wanted(text=text)) == []
    assert item_named(text) is None
    assert item_numbered(10**40) is None
