"""Promise 10 for batches. The worker dies at a point, its successor carries on: each location arrives in one letter."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction

from tests.faults.killing import Killed, Mortal, Points, mortal_commits
from unseen import leases
from unseen.casework.models import Item
from unseen.domain.item import NoticeState
from unseen.domain.limits import GATHER_FOR
from unseen.journal.queries import first_broken_entry
from unseen.takedown import due, queries
from unseen.takedown.models import Attempt, Notice
from unseen.takedown.tests.lives import NOON, a_case
from unseen.takedown.tests.many import Addressee, many_directory, written

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
COUNT = 4  # items, two locations each: a letter of three and a letter of one
LIVES = {"well": [], "broken line": ["after"], "lost": ["before"], "busy": ["later"]}
STEP = 4  # in the quick loop each fourth point; the slow tests take every one
MINUTE = timedelta(minutes=1)


@dataclass
class MortalAddressee(Mortal, Addressee):
    """The addressee of all letters."""


def _live(how: str, folder: Path, deadly: tuple[int, ...] = ()) -> tuple[list[str], int]:
    """Faults of one life, and how many points it had. Nothing of it stays in the database."""
    addressee = MortalAddressee(hows=list(LIVES[how]), points=Points(deadly))
    directory = many_directory(folder)
    signed = replace(settings.UNSEEN, signatory="Head", inbox=None)
    sid = transaction.savepoint()
    try:
        with (
            patch.object(queries, "directory", lambda: directory),
            patch.object(settings, "UNSEEN", signed),
            patch.object(due, "open_channel", lambda _: addressee),
        ):
            written(a_case(), COUNT)
            Item.objects.update(due_at=NOON + timedelta(days=300))
            with mortal_commits(addressee.points):
                _until_over(addressee)
            return _faults(addressee), len(addressee.points.trail)
    finally:
        transaction.savepoint_rollback(sid)
        transaction.savepoint_commit(sid)


def _until_over(addressee: MortalAddressee) -> None:
    now, alive = NOON + GATHER_FOR, True
    while Notice.objects.filter(due_at__isnull=False).exists() or not alive:
        assert now < NOON + timedelta(days=2), "it never ends"
        try:
            if not alive:
                leases.take_back((Item, Notice), "w")
            alive = True
            addressee.arrive(now)
            for notice in leases.claim(Notice.objects.select_related("item__case"), "w", now, 1):
                due._send(notice, now)
            now += MINUTE
        except Killed:
            alive = False


def _faults(addressee: MortalAddressee) -> list[str]:
    faults = []
    arrived = Counter(location for letter in addressee.letters for location in letter.locations)
    places = [place for item in Item.objects.all() for place in (item.location, item.media_location)]
    faults += [f"{place} did not arrive exactly once" for place in places if arrived.pop(place, 0) != 1]
    faults += [f"{place} arrived and is nobody's" for place in arrived]
    faults += [f"a notice is left {one.state}" for one in Notice.objects.exclude(state=NoticeState.SENT)]
    if Attempt.objects.filter(ended_at__isnull=True).exists():
        faults.append("a try has no end")
    if Attempt.objects.filter(result="delivered").count() != COUNT:
        faults.append("not each notice was delivered once")
    if first_broken_entry() is not None:
        faults.append("the journal is broken")
    return faults


@pytest.mark.parametrize("how", LIVES)
def test_untouched_every_location_arrives_once(how: str, tmp_path: Path) -> None:
    faults, length = _live(how, tmp_path)
    assert faults == []
    assert length > 8


@pytest.mark.parametrize("how", LIVES)
def test_a_death_loses_and_doubles_no_location(how: str, tmp_path: Path) -> None:
    _, length = _live(how, tmp_path)
    for number in range(1 + len(how) % STEP, length + 1, STEP):
        assert _live(how, tmp_path, (number,))[0] == [], number


@pytest.mark.slow
@pytest.mark.parametrize("how", LIVES)
def test_a_death_at_any_point_loses_and_doubles_no_location(how: str, tmp_path: Path) -> None:
    _, length = _live(how, tmp_path)
    for number in range(1, length + 1):
        assert _live(how, tmp_path, (number,))[0] == [], number


@pytest.mark.slow
@pytest.mark.parametrize("how", LIVES)
def test_a_second_death_soon_after_changes_nothing(how: str, tmp_path: Path) -> None:
    _, length = _live(how, tmp_path)
    for number in range(1, length + 1):
        for later in range(1, 12):
            assert _live(how, tmp_path, (number, number + later))[0] == [], (number, later)
