from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from unseen.domain.item import NoticeState
from unseen.domain.notice import Rung
from unseen.takedown import queries
from unseen.takedown.directory.directory import Directory
from unseen.takedown.models import Attempt, Notice
from unseen.takedown.tests.outside import (
    NOON,
    PLATFORM,
    a_reported_item,
    outside_of,
    pass_time,
    tick,
    whole_ladder,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(tmp_path: Path) -> Notice:
    with outside_of(tmp_path):
        a_reported_item()
        tick(NOON)
    return Notice.objects.get()


def test_no_rung_is_written_to_twice_in_a_round(sent: Notice) -> None:
    again = Notice.objects.get(pk=sent.pk)
    again.pk = None
    again._state.adding = True
    with pytest.raises(IntegrityError, match=r"no_rung_twice|UNIQUE"), transaction.atomic():
        again.save()
    again.round = 2
    again.save()


@pytest.mark.parametrize("missing", ["proof", "received_at", "deadline_at", "deadline_law_version"])
def test_a_sent_notice_has_proof_and_a_deadline(sent: Notice, missing: str) -> None:
    nothing = "" if missing == "deadline_law_version" else None
    with pytest.raises(IntegrityError, match="sent_notice_has_proof_and_deadline"), transaction.atomic():
        Notice.objects.filter(pk=sent.pk).update(**{missing: nothing})


def test_a_try_is_numbered_once(sent: Notice) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(notice=sent, number=1, began_at=NOON)


def test_a_deadline_is_stored_with_the_version_of_its_law(sent: Notice) -> None:
    law = whole_ladder().law("us-tida")
    assert (sent.deadline_law, sent.deadline_law_version) == (law.id, law.version)
    assert sent.deadline_is_statutory
    assert sent.deadline_at == NOON + timedelta(hours=48)


def test_a_new_version_of_the_law_moves_no_deadline_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = whole_ladder()
    stricter = [replace(law, version="2027-01-01", answer_within_hours=1) for law in known.laws.values()]
    with outside_of(tmp_path) as outside, monkeypatch.context() as later:
        a_reported_item()
        tick(NOON)
        changed = Directory(stricter, known.parties.values(), rules=known.rules)
        later.setattr(queries, "directory", lambda: changed)
        pass_time(NOON, hours=47)
        assert len(outside.arrived) == 1
        pass_time(NOON + timedelta(hours=47), hours=1)
        assert [(to, at) for to, _, at in outside.arrived][1:] == [(PLATFORM, NOON + timedelta(hours=48))]
    first, final = Notice.objects.order_by("made_at")
    assert (first.deadline_law_version, first.deadline_at) == ("2026-11-22", NOON + timedelta(hours=48))
    assert (final.deadline_law_version, final.rung) == ("2027-01-01", Rung.PLATFORM_FINAL)
    assert final.state == NoticeState.SENT


def test_a_new_ladder_moves_no_deadline_that_runs_and_its_version_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = whole_ladder()
    hurried = tuple(
        replace(rule, version="2027-01-01", answer_hours_max=1) if rule.answer_hours_max else rule
        for rule in known.rules
    )
    with outside_of(tmp_path), monkeypatch.context() as later:
        a_reported_item()
        pass_time(NOON, hours=49)
        changed = Directory(known.laws.values(), known.parties.values(), rules=hurried)
        later.setattr(queries, "directory", lambda: changed)
        a_reported_item("http://prompt.test/p/2", NOON + timedelta(hours=49))
        pass_time(NOON + timedelta(hours=49), hours=50)
    first, second = Notice.objects.filter(rung=Rung.PLATFORM_FINAL).order_by("made_at")
    assert (first.deadline_ladder_version, _hours(first)) == ("2026-11-22", 24)
    assert (second.deadline_ladder_version, _hours(second)) == ("2027-01-01", 1)
    assert set(Notice.objects.filter(rung=Rung.PLATFORM).values_list("deadline_ladder_version")) == {("",)}


def _hours(notice: Notice) -> float:
    assert notice.deadline_at is not None
    assert notice.received_at is not None
    return (notice.deadline_at - notice.received_at).total_seconds() / 3600
