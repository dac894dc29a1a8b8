"""What the dashboard says against a plain count over all rows in Python."""

import random
from collections import Counter
from datetime import timedelta
from statistics import median, quantiles

import pytest

from unseen.casework.models import Item
from unseen.statistics.numbers import DAYS_SHOWN, Totals, days, times_to_removal, totals
from unseen.takedown.models import Notice, Recheck
from unseen.takedown.spread import spread
from unseen.takedown.tests.lives import GONE, HOUR, NOON, UP, a_case, deliver, found_copy, look, step

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
NOW = NOON + timedelta(days=20)


@pytest.fixture
def lives(db: None) -> None:
    """Twenty lives, drawn: some still open, some removed sooner or later, some back again."""
    luck = random.Random(7)  # noqa: S311 - a test's lives, not a secret
    for number in range(20):
        at = NOON + timedelta(hours=luck.randrange(200))
        item = step(step(found_copy(a_case(at=at), f"http://prompt.test/{number}", at), at), at)
        deliver(item, at)
        if luck.random() < 0.3:
            look(item, UP, at + HOUR)
            continue
        gone_after = luck.randrange(2, 60) * HOUR
        look(item, GONE, at + gone_after)
        look(item, GONE, at + gone_after + 13 * HOUR)
        step(item, at + gone_after + 13 * HOUR)
        if luck.random() < 0.3:
            look(item, UP, at + gone_after + 60 * HOUR)
            step(item, at + gone_after + 60 * HOUR)


def test_totals(lives: None) -> None:
    items, said = list(Item.objects.all()), totals(NOW)
    assert said.items == len(items) == 20
    assert said.open == sum(item.stage != "closed" for item in items)
    assert said.removed == sum(item.outcome == "removed" for item in items) > 5
    assert said.came_back == sum(item.round > 1 for item in items) > 0
    late = {
        notice.item_id
        for notice in Notice.objects.select_related("item")
        if notice.state == "sent"
        and notice.deadline_at is not None
        and notice.deadline_at < NOW
        and notice.round == notice.item.round
        and notice.item.stage != "closed"
    }
    assert said.overdue == len(late) > 0


def test_one_platforms_numbers_are_its_own(lives: None) -> None:
    found_copy(a_case(), "http://formy.test/1")
    assert totals(NOW, ["prompt.test"]).items == 20
    assert totals(NOW, ["formy.test"]) == Totals(1, 1, 0, 0, 0)
    assert totals(NOW, []).items == 0
    assert sum(one.arrived for one in days(NOW, ["formy.test"])) == 1
    assert totals(NOW).items == 21


def test_days(lives: None) -> None:
    said = days(NOW)
    assert len(said) == DAYS_SHOWN
    assert said[-1].on == NOW.date()
    arrived = Counter(item.opened_at.date() for item in Item.objects.all())
    removed = Counter(one.closed_at.date() for one in Item.objects.filter(outcome="removed") if one.closed_at)
    back = Counter(one.at.date() for one in Recheck.objects.all() if one.conclusion == "back")
    assert sum(back.values()) > 0
    assert [(one.arrived, one.removed, one.back) for one in said] == [
        (arrived[one.on], removed[one.on], back[one.on]) for one in said
    ]


def test_times(lives: None) -> None:
    hours = []
    for item in Item.objects.filter(outcome="removed"):
        notices = Notice.objects.filter(item=item, round=item.round, state="sent")
        received = [
            one.received_at
            for one in notices
            if one.received_at and item.gone_since and one.received_at <= item.gone_since
        ]
        if received and item.gone_since:
            hours.append((item.gone_since - min(received)).total_seconds() / 3600)
    said = times_to_removal()
    for kind in ("platform", "law", "route"):
        assert sum(row.removed for row in said[kind]) == len(hours) > 5
    (row,) = said["platform"]
    assert row.hours_median == pytest.approx(median(hours))
    assert row.hours_p90 == pytest.approx(quantiles(hours, n=100, method="inclusive")[89])


def test_the_spread_of_a_case_ends_where_its_items_stand(lives: None) -> None:
    items = list(Item.objects.all())
    picture = spread(items, NOW)
    assert picture is not None
    assert picture.points[-1].known == len(items)
    assert picture.points[-1].up == sum(item.outcome != "removed" for item in items)
    assert [one.at for one in picture.points] == sorted(one.at for one in picture.points)
    assert spread([], NOW) is None
