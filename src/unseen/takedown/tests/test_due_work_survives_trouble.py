from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from unseen.casework.models import Item
from unseen.discovery.looker import TooSoon
from unseen.domain.item import Stage
from unseen.domain.limits import LOOK_DAILY
from unseen.domain.recheck import Look
from unseen.fetch.vantage import Vantage
from unseen.takedown import due
from unseen.takedown.models import Notice, Recheck
from unseen.takedown.probes.look import Sought
from unseen.takedown.tests.outside import NOON, Outside, a_reported_item, outside_of, pass_time, tick

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_host_that_wants_to_be_left_alone_puts_the_item_off_until_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        with monkeypatch.context() as later:
            later.setattr(due, "Prober", lambda *_: _Busy(NOON + 3 * HOUR))
            tick(NOON)
        item.refresh_from_db()
        assert (item.due_at, item.lease_by, item.lease_until) == (NOON + 3 * HOUR, "", None)
        assert Recheck.objects.count() == 0
        tick(NOON + 2 * HOUR)
        assert outside.arrived == []
        tick(NOON + 3 * HOUR)
        assert len(outside.arrived) == 1


def test_what_changed_under_a_decision_is_decided_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person withdraws while the worker looks: the look is not stored, and the item is closed in the same tick."""
    with outside_of(tmp_path) as outside, monkeypatch.context() as meanwhile:
        item = a_reported_item()
        meanwhile.setattr(due, "Prober", lambda *_: _Withdraws(outside, item))
        tick(NOON)
        assert outside.arrived == []
    item.refresh_from_db()
    assert (item.stage, item.outcome) == (Stage.CLOSED, "withdrawn")
    assert Recheck.objects.count() == 0


def test_a_notice_that_cannot_be_written_asks_a_person_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        with monkeypatch.context() as nameless:
            nameless.setattr(settings, "UNSEEN", replace(settings.UNSEEN, signatory="", organisation=""))
            tick(NOON)
        item.refresh_from_db()
        assert item.question.startswith("This notice cannot be written")
        assert item.due_at == NOON + LOOK_DAILY
        assert not Notice.objects.exists()
        pass_time(NOON, days=1)
        assert len(outside.arrived) == 1


def test_an_item_that_nobody_can_be_written_about_asks_a_person_once(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = a_reported_item("http://nobody-knows.test/p/1")
        pass_time(NOON, days=3)
        assert [to for to, _, _ in outside.arrived] == ["desk@regulator.test"]
    item.refresh_from_db()
    assert item.due_at is not None


class _Busy:
    def __init__(self, until: datetime) -> None:
        self._until = until

    def look(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        raise TooSoon(self._until)


class _Withdraws:
    def __init__(self, outside: Outside, item: Item) -> None:
        self._honest, self._item = outside.prober(), item
        self.sightings = self._honest.sightings

    def look(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        Item.objects.filter(pk=self._item.pk).update(withdrawn_at=now)
        return self._honest.look(sought, vantage, now)
