from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from unseen.casework.models import Item
from unseen.domain.item import NoticeState, Outcome, Stage
from unseen.domain.notice import Rung
from unseen.domain.route import RULE_TRIES_MIN, Record
from unseen.evidence.actions import keep
from unseen.keys.centre import NOBODY
from unseen.takedown import queries, routes
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.directory.tests.folder import HOST, PLATFORM, write
from unseen.takedown.explain import explain
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import HOUR, NOON, a_case, found_copy

pytestmark = pytest.mark.django_db
MAIL, API = "abuse@prompt.test", "http://prompt.test:8001/notices"


@pytest.fixture
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    """Its first channel by rule is an API, its second a mail address."""
    folder = write(tmp_path_factory.mktemp("own"), prompt=PLATFORM, host=HOST)
    made = load_directory([folder], shipped_parties=False)
    with patch.object(queries, "directory", lambda: made):
        yield made


def an_item(number: int) -> Item:
    place = f"http://prompt.test/p/{number}"
    return found_copy(a_case(), place)


def noticed(
    item: Item,
    at: datetime,
    *,
    to: str = API,
    law: str = "us-tida",
    rung: Rung = Rung.PLATFORM,
    round_: int = 1,
) -> Notice:
    return Notice.objects.create(
        item=item,
        round=round_,
        rung=rung,
        addressee="prompt",
        channel="api" if to == API else "email",
        to=to,
        laws=[law],
        language="en",
        subject="s",
        body="b",
        state=NoticeState.SENT,
        made_at=at,
        received_at=at,
        deadline_at=at + 48 * HOUR,
        deadline_law=law,
        deadline_law_version="1",
        proof=keep("delivery", f"proof {item.pk} {rung} {round_}", NOBODY, at),
    )


def ended(item: Item, outcome: Outcome, gone_since: datetime | None = None, round_: int = 1) -> None:
    removed = {"gone_since": gone_since, "last_recheck_at": NOON} if gone_since else {}
    Item.objects.filter(pk=item.pk).update(
        stage=Stage.CLOSED, outcome=outcome, closed_at=NOON, round=round_, due_at=NOON, **removed
    )


def records() -> dict[tuple[str, str], Record]:
    return {(one.to, one.law): one.record for one in routes.Reading().routes_of("prompt")}


def test_each_notice_is_counted_by_what_became_of_its_item() -> None:
    gone, refused, open_, withdrawn = (an_item(number) for number in range(4))
    noticed(gone, NOON, to=API)
    noticed(gone, NOON + HOUR, to=MAIL, rung=Rung.PLATFORM_FINAL)
    ended(gone, Outcome.REMOVED, NOON + 21 * HOUR)
    noticed(refused, NOON, to=API)
    ended(refused, Outcome.REFUSED)
    noticed(open_, NOON, to=API)
    noticed(withdrawn, NOON, to=API)
    ended(withdrawn, Outcome.WITHDRAWN)
    assert records() == {
        (API, "us-tida"): Record(removed=0, tried=2, waiting=1),
        (MAIL, "us-tida"): Record(removed=1, tried=1, waiting=0, hours_median=20.0),
    }


def test_an_earlier_round_had_ended_with_a_removal() -> None:
    item = an_item(1)
    noticed(item, NOON, to=MAIL)
    noticed(item, NOON + 300 * HOUR, to=API, round_=2)
    Item.objects.filter(pk=item.pk).update(round=2)
    assert records() == {(MAIL, "us-tida"): Record(1, 1), (API, "us-tida"): Record(waiting=1)}


def test_what_was_gone_before_the_notice_came_is_not_its_doing() -> None:
    item = an_item(1)
    noticed(item, NOON)
    ended(item, Outcome.REMOVED, NOON - HOUR)
    assert records() == {(API, "us-tida"): Record(waiting=1)}


def test_a_channel_that_never_works_is_not_the_first_to_be_tried(directory: Directory) -> None:
    party = directory.party("prompt")
    for number in range(RULE_TRIES_MIN):
        assert [one.to for one in routes.Reading().ranked_channels(party)] == [API, MAIL]
        item = an_item(number)
        noticed(item, NOON + number * HOUR)
        ended(item, Outcome.UNREACHABLE)
    assert [one.to for one in routes.Reading().ranked_channels(party)] == [MAIL, API]
    asked = queries.addressee_of(an_item(99), Rung.PLATFORM)
    assert asked is not None
    assert asked.address_or_endpoint == MAIL


def test_where_there_is_nothing_to_choose_nothing_is_read(
    directory: Directory, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator] # pytest-django's fixture has no public type
        assert len(routes.Reading().ranked_channels(directory.party("prompt-hosting"))) == 1


def test_explain_tells_what_each_route_led_to(directory: Directory) -> None:
    first, second = an_item(1), an_item(2)
    noticed(first, NOON)
    ended(first, Outcome.REMOVED, NOON + timedelta(hours=6))
    told = explain(second, NOON + 48 * HOUR).routes
    assert [(one.words, one.record) for one in told] == [
        (
            "their notice service, under TAKE IT DOWN Act (USA), 47 U.S.C. § 223a",
            "1 of 1 removed, in 6 hours at the median",
        )
    ]
