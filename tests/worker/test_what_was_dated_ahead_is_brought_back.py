"""The machine's clock ran ahead and is right again: nothing waits for a time that was never meant."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from unseen import worker
from unseen.casework.models import Item
from unseen.discovery.models import Backoff, SeenPlace, StartPage
from unseen.domain.limits import LEASE, LOOK_UP_AFTER, RETRY_AFTER_MAX
from unseen.intake.models import Report
from unseen.journal.models import Entry
from unseen.journal.queries import first_broken_entry
from unseen.takedown.actions import dates, sending
from unseen.takedown.models import Attempt, Notice
from unseen.takedown.tests.lives import (
    NOON,
    UP,
    a_case,
    deliver,
    found_copy,
    look,
    small_directory,
    step,
)

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
HOURS = timedelta(hours=48)


@pytest.fixture(autouse=True)
def own_directory() -> Iterator[None]:
    directory = small_directory()
    with patch("unseen.takedown.queries.directory", lambda: directory):
        yield


def a_notice_written(at: datetime) -> Item:
    item = found_copy(a_case(at=at), "http://prompt.test/p/1", at)
    return step(step(item, at), at)


def test_a_deadline_moves_with_its_receipt_and_keeps_its_hours() -> None:
    item = a_notice_written(NOON + YEAR)
    deliver(item, NOON + YEAR)
    look(item, UP, NOON + YEAR)
    dates.bring_back(worker.LEASED, NOON)
    notice, item = Notice.objects.get(), Item.objects.get()
    assert (notice.received_at, notice.deadline_at) == (NOON, NOON + HOURS)
    assert (item.last_recheck_at, item.opened_at, item.due_at) == (NOON, NOON, NOON)
    assert not Report.objects.filter(due_at__gt=NOON).exists()


def test_what_was_dated_before_stays_as_it_is() -> None:
    item = a_notice_written(NOON)
    deliver(item, NOON)
    before = Notice.objects.values().get()
    dates.bring_back(worker.LEASED, NOON)
    assert Notice.objects.values().get() == before


def test_a_send_that_nobody_saw_finish_is_looked_up_soon() -> None:
    notice = Notice.objects.get(item=a_notice_written(NOON + YEAR))
    assert sending.begin_sending(notice, NOON + YEAR)
    dates.bring_back(worker.LEASED, NOON)
    assert Notice.objects.get().due_at == NOON + LOOK_UP_AFTER
    assert Attempt.objects.get().began_at == NOON


def test_no_lease_and_no_wish_to_wait_is_longer_than_one_may_be() -> None:
    item = a_notice_written(NOON)
    Item.objects.update(lease_by="another", lease_until=NOON + YEAR, look_not_before=NOON + YEAR)
    Backoff.objects.create(host="prompt.test", seen_as="office", until=NOON + YEAR)
    SeenPlace.objects.create(key="k", seen_at=NOON + YEAR, bank_version=1)
    StartPage.objects.create(location="http://prompt.test/", due_at=NOON + YEAR)
    dates.bring_back(worker.LEASED, NOON)
    item.refresh_from_db()
    assert (item.lease_by, item.lease_until, item.look_not_before) == ("another", NOON + LEASE, NOON)
    assert Backoff.objects.get().until == NOON + RETRY_AFTER_MAX
    assert SeenPlace.objects.get().seen_at == StartPage.objects.get().due_at == NOON


def test_the_journal_says_so_once_and_keeps_its_own_times() -> None:
    a_notice_written(NOON + YEAR)
    dates.bring_back(worker.LEASED, NOON)
    assert Entry.objects.filter(tag="clock:machine:turned_back").count() == 1
    assert Entry.objects.filter(at=NOON + YEAR).exists()
    assert first_broken_entry() is None
