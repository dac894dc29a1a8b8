import pytest

from unseen.casework.models import Item
from unseen.domain.item import Outcome, Stage
from unseen.statistics.queries import Route, platform_rows
from unseen.takedown.tests.lives import (
    GONE,
    HOUR,
    LOCATION,
    NOON,
    a_case,
    deliver,
    found_copy,
    look,
    removed_copy,
    step,
)

pytestmark = pytest.mark.django_db


def test_a_removal_is_timed_from_the_receipt_to_the_first_look_that_saw_it_gone() -> None:
    case = a_case()
    removed_copy(LOCATION, case)
    late = step(step(found_copy(case, "http://prompt.test/2"), NOON), NOON)
    deliver(late, NOON + HOUR)
    look(late, GONE, NOON + 9 * HOUR)
    look(late, GONE, NOON + 15 * HOUR)
    step(late, NOON + 15 * HOUR)
    (row,) = platform_rows()
    assert (row.items, row.removed, row.open, row.otherwise) == (2, 2, 0, 0)
    assert row.removal_hours_median == pytest.approx(6)  # 4 and 8 hours
    assert row.removal_hours_p90 == pytest.approx(7.6)
    assert row.last_notice_at == NOON + HOUR
    assert row.routes == (Route("platform", "email", removed=2, tried=2),)
    assert row.came_back == 1  # the second copy of the same material, after the first was gone


def test_what_vanished_unasked_has_no_time_and_proves_no_route() -> None:
    item = found_copy(a_case(), LOCATION)
    gone = {"stage": Stage.CLOSED, "outcome": Outcome.REMOVED, "closed_at": NOON, "last_recheck_at": NOON}
    Item.objects.filter(pk=item.pk).update(gone_since=NOON, **gone)
    (row,) = platform_rows()
    assert (row.removed, row.removal_hours_median, row.routes, row.last_notice_at) == (1, None, (), None)


def test_a_notice_after_it_was_gone_did_not_work() -> None:
    item = removed_copy(LOCATION)
    Item.objects.filter(pk=item.pk).update(gone_since=NOON - HOUR)
    (row,) = platform_rows()
    assert row.removal_hours_median is None
    assert row.routes == (Route("platform", "email", removed=0, tried=1),)


def test_platforms_with_open_items_come_first_and_hosts_of_one_platform_count_together() -> None:
    case = a_case("http://www.prompt.test/a", "http://prompt.test/b", "http://unknown.test/c")
    Item.objects.filter(host="unknown.test").update(
        stage=Stage.CLOSED, outcome=Outcome.OUT_OF_SCOPE, closed_at=NOON
    )
    assert [(row.party.name, row.items, row.open, row.otherwise) for row in platform_rows()] == [
        ("Prompt Pictures", 2, 2, 0),
        ("unknown.test", 1, 0, 1),
    ]
    assert [row.items for row in platform_rows(["prompt.test"])] == [1]
    assert case.items.count() == 3
