"""One notice for many items of a case: nothing dropped, nothing twice, whoever dies, withdraws or loads only a part."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings

from unseen.casework.models import Case, Item
from unseen.domain.item import NoticeState
from unseen.domain.limits import GATHER_FOR
from unseen.intake.actions import withdraw_report
from unseen.takedown import due, queries
from unseen.takedown.actions import mail, sending
from unseen.takedown.channels.envelope import (
    CannotTell,
    Delivered,
    Envelope,
    LookUpResult,
    NotDelivered,
    NotThere,
    Part,
    Preview,
    SendResult,
    Unclear,
)
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.models import Attempt, Notice
from unseen.takedown.tests.lives import NOON, a_case, found_copy, step

pytestmark = pytest.mark.django_db
MANY = """
key = "many"
name = "Many Pictures"
kind = "platform"
domains = ["many.test"]
country = "US"
laws = ["us-tida"]
channels = [{kind = "email", address = "abuse@many.test", locations_max = 6, location_characters_max = 60}]
languages = ["en"]
source = "made up for tests"
checked_on = 2026-11-01
confidence = "high"
"""


@dataclass
class Addressee:
    """Remembers each letter. `hows` says how the next sends go; `loads` which locations it takes up."""

    letters: list[Envelope] = field(default_factory=list)
    hows: list[str] = field(default_factory=list)
    loads: object = None
    told: object = None

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        how = self.hows.pop(0) if self.hows else "well"
        if how == "later":
            return NotDelivered("450 later", permanent=False)
        if how == "never":
            return NotDelivered("550 no", permanent=True)
        if how != "before":
            self.letters.append(envelope)
        if how in ("before", "after"):
            return Unclear("the line broke")
        loaded = None if self.loads is None else tuple(filter(self.loads, envelope.locations))  # type: ignore[call-overload]
        return Delivered("250 queued", loaded)

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        if self.told == "nothing":
            return CannotTell("no archive")
        there = any(one.key == envelope.key for one in self.letters)
        return Delivered("found in the archive") if there else NotThere()

    def preview(self, envelope: Envelope) -> Preview:
        return Preview((Part("Text", envelope.body),))


@cache
def _directory(folder: Path) -> Directory:
    (folder / "many.toml").write_text(MANY)
    return load_directory([folder], shipped_parties=False)


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Addressee]:
    directory, addressee = _directory(tmp_path), Addressee()
    monkeypatch.setattr(queries, "directory", lambda: directory)
    monkeypatch.setattr(settings, "UNSEEN", replace(settings.UNSEEN, signatory="Head", inbox=None))
    with patch.object(due, "open_channel", lambda _: addressee):
        yield addressee


def _written(case: Case, count: int) -> list[Item]:
    items = [found_copy(case, f"http://many.test/p/{number}") for number in range(count)]
    return [step(step(item, NOON), NOON) for item in items]


def _work(at: datetime) -> None:
    """Send and look up what is due; items wait."""
    Item.objects.update(due_at=NOON + timedelta(days=300))
    while due.do_due(at, "w"):
        Item.objects.update(due_at=NOON + timedelta(days=300))


THEN = NOON + GATHER_FOR


def test_a_case_of_many_copies_goes_in_few_notices_and_none_is_dropped(many: Addressee) -> None:
    items = _written(a_case(), 8)  # two locations each, six to a notice
    _work(NOON)
    assert many.letters == []
    _work(THEN)
    assert [len(letter.locations) for letter in many.letters] == [6, 6, 4]
    every = [location for letter in many.letters for location in letter.locations]
    assert sorted(every) == sorted(place for item in items for place in (item.location, item.media_location))
    for letter in many.letters:
        for location in letter.locations:
            assert letter.body.count(f"\n{location}\n") == 1
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert Notice.objects.filter(deadline_at__isnull=True).count() == 0
    assert Attempt.objects.filter(result="delivered").count() == 8


def test_two_people_never_share_a_notice(many: Addressee) -> None:
    _written(a_case(), 2)
    _written(a_case(), 2)
    _work(THEN)
    cases = [set(Notice.objects.filter(pk=one.key).values_list("item__case")) for one in many.letters]
    assert len(cases) == 2
    for letter in many.letters:
        assert len(letter.locations) == 4


def test_an_address_that_they_do_not_take_is_asked_about_and_holds_up_nothing(many: Addressee) -> None:
    case = a_case()
    item = found_copy(case, "http://many.test/" + "a" * 100)
    step(item, NOON)
    due._take_next_step(Item.objects.get(pk=item.pk), NOON)
    item.refresh_from_db()
    assert "takes no notice about this item" in item.question
    assert not Notice.objects.exists()


def test_what_was_not_loaded_goes_again_alone_under_a_new_id(many: Addressee) -> None:
    items = _written(a_case(), 3)
    many.loads = lambda location: "/p/1" not in location
    _work(THEN)
    (first,) = many.letters
    assert Notice.objects.get(item=items[1]).state == NoticeState.READY
    many.loads = None
    _work(THEN + timedelta(hours=1))
    again = many.letters[1]
    assert again.locations == (items[1].location, items[1].media_location)
    assert again.key != first.key
    assert Notice.objects.filter(state=NoticeState.SENT).count() == 3


def test_a_carrier_that_was_not_loaded_goes_again_under_a_new_id_too(many: Addressee) -> None:
    _written(a_case(), 2)
    many.loads = lambda _: False
    _work(THEN)
    keys = {many.letters[0].key}
    many.loads = None
    _work(THEN + timedelta(hours=1))
    (again,) = many.letters[1:]  # both are due again at one time, and go together once more
    assert again.key not in keys
    assert len(again.locations) == 4


def test_what_is_never_loaded_is_given_up_after_some_times(many: Addressee) -> None:
    (item,) = _written(a_case(), 1)
    many.loads = lambda _: False
    for hour in range(24):
        _work(THEN + timedelta(hours=hour))
    notice = Notice.objects.get(item=item)
    assert notice.state == NoticeState.FAILED
    assert len(many.letters) == 4
    assert len({letter.key for letter in many.letters}) == 4


def test_a_list_that_a_person_brings_is_compared_and_the_difference_sent_again(many: Addressee) -> None:
    items = _written(a_case(), 3)
    _work(THEN)
    loaded = [place for item in items[:2] for place in (item.location, item.media_location)]
    notice = Notice.objects.get(item=items[2])
    missing = sending.say_what_was_loaded(
        notice, [place.upper().replace("/P/", "/p/").replace(".JPG", ".jpg") for place in loaded], THEN
    )
    assert [one.item_id for one in missing] == [items[2].pk]
    _work(THEN + timedelta(hours=1))
    assert many.letters[1].locations == (items[2].location, items[2].media_location)


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_broken_line_is_looked_up_once_for_all(many: Addressee, how: str) -> None:
    _written(a_case(), 3)
    many.hows = [how]
    _work(THEN)
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENDING}
    _work(THEN + timedelta(minutes=2))
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert len(many.letters) == 1
    assert Attempt.objects.filter(result="delivered").count() == 3


def test_when_nobody_can_tell_a_person_answers_once_for_all(many: Addressee) -> None:
    from unseen.accounts.models import Staff

    items = _written(a_case(), 3)
    many.hows, many.told = ["after"], "nothing"
    _work(THEN)
    _work(THEN + timedelta(minutes=2))
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.UNCERTAIN}
    carried = Notice.objects.get(item=items[2])
    sending.say_what_happened(carried, went_out=True, staff=Staff.objects.create(username="bo"), now=THEN)
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert len(many.letters) == 1


def test_a_dead_address_fails_them_all(many: Addressee) -> None:
    _written(a_case(), 3)
    many.hows = ["never"]
    _work(THEN)
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.FAILED}


def test_who_left_in_between_is_not_named_again(many: Addressee) -> None:
    _written(a_case(), 3)
    many.hows = ["later"]
    _work(THEN)
    carried = Notice.objects.filter(carrier__isnull=False).first()
    assert carried is not None
    left = carried.item
    Item.objects.filter(pk=left.pk).update(withdrawn_at=THEN)
    _work(THEN + timedelta(hours=1))
    (letter,) = many.letters
    assert left.location not in letter.body
    assert left.location not in letter.locations
    assert len(letter.locations) == 4
    assert letter.key == f"{carried.carrier_id}-1"  # other words, another id on the wire
    assert Notice.objects.get(item=left).state == NoticeState.FAILED


def test_when_the_carrier_leaves_the_others_go_on(many: Addressee) -> None:
    items = _written(a_case(), 3)
    many.hows = ["later"]
    _work(THEN)
    carrier = Notice.objects.get(carrier__isnull=True)
    Item.objects.filter(pk=carrier.item_id).update(withdrawn_at=THEN)
    _work(THEN + timedelta(hours=1))
    sent = [location for letter in many.letters for location in letter.locations]
    left = [item for item in items if item.pk != carrier.item_id]
    assert sorted(sent) == sorted(place for item in left for place in (item.location, item.media_location))


def test_a_withdrawal_stops_them_all(many: Addressee) -> None:
    case = a_case()
    _written(case, 3)
    withdraw_report(case.report, THEN)
    _work(THEN)
    assert many.letters == []
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.FAILED}


@pytest.mark.parametrize(
    ("words", "column"), [("We will not remove it.", "refused_at"), ("It was removed.", "says_removed_at")]
)
def test_an_answer_counts_for_all_that_went_with_it(many: Addressee, words: str, column: str) -> None:
    _written(a_case(), 3)
    _work(THEN)
    (letter,) = many.letters
    raw = f"Message-ID: <a@x>\nIn-Reply-To: <{letter.key}-1@centre.example>\nSubject: Re\n\n{words}"
    mail.record_reply(raw.encode(), THEN)
    assert Notice.objects.filter(**{f"{column}__isnull": False}).count() == 3
