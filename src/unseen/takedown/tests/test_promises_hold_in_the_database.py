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
