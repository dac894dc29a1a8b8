"""One notice for many items of a case: nothing dropped, nothing twice, whoever withdraws or loads only a part."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings

from unseen.accounts.models import Staff
from unseen.casework.models import Item
from unseen.domain.item import NoticeState
from unseen.domain.limits import GATHER_FOR
from unseen.intake.actions import withdraw_report
from unseen.takedown import due, queries
from unseen.takedown.actions import mail, sending
from unseen.takedown.models import Attempt, Notice
from unseen.takedown.tests.lives import NOON, a_case, found_copy, step
from unseen.takedown.tests.many import Addressee, many_directory, work, written
from unseen.takedown.tests.outside import bounce

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Addressee]:
    directory, addressee = many_directory(tmp_path), Addressee()
    monkeypatch.setattr(queries, "directory", lambda: directory)
    monkeypatch.setattr(settings, "UNSEEN", replace(settings.UNSEEN, signatory="Head", inbox=None))
    with patch.object(due, "open_channel", lambda _: addressee):
        yield addressee


THEN = NOON + GATHER_FOR


def test_a_case_of_many_copies_goes_in_few_notices_and_none_is_dropped(many: Addressee) -> None:
    items = written(a_case(), 8)  # two locations each, six to a notice
    work(NOON)
    assert many.letters == []
    work(THEN)
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
    written(a_case(), 2)
    written(a_case(), 2)
    work(THEN)
    cases = [set(Notice.objects.filter(pk=one.key).values_list("item__case")) for one in many.letters]
    assert len(cases) == 2
    for letter in many.letters:
        assert len(letter.locations) == 4


def test_an_address_that_they_do_not_take_is_asked_about_and_holds_up_nothing(many: Addressee) -> None:
    case = a_case()
    item = found_copy(case, "http://many.test/" + "a" * 100)
    step(item, NOON)
    due._take_next_steps([Item.objects.get(pk=item.pk)], NOON)
    item.refresh_from_db()
    assert "takes no notice about this item" in item.question
    assert not Notice.objects.exists()


def test_what_was_not_loaded_goes_again_alone_under_a_new_id(many: Addressee) -> None:
    items = written(a_case(), 3)
    many.loads = lambda location: "/p/1" not in location
    work(THEN)
    (first,) = many.letters
    assert Notice.objects.get(item=items[1]).state == NoticeState.READY
    many.loads = None
    work(THEN + timedelta(hours=1))
    again = many.letters[1]
    assert again.locations == (items[1].location, items[1].media_location)
    assert again.key != first.key
    assert Notice.objects.filter(state=NoticeState.SENT).count() == 3


def test_a_carrier_that_was_not_loaded_goes_again_under_a_new_id_too(many: Addressee) -> None:
    written(a_case(), 2)
    many.loads = lambda _: False
    work(THEN)
    keys = {many.letters[0].key}
    many.loads = None
    work(THEN + timedelta(hours=1))
    (again,) = many.letters[1:]  # both are due again at one time, and go together once more
    assert again.key not in keys
    assert len(again.locations) == 4


def test_what_is_never_loaded_is_given_up_after_some_times(many: Addressee) -> None:
    (item,) = written(a_case(), 1)
    many.loads = lambda _: False
    for hour in range(24):
        work(THEN + timedelta(hours=hour))
    notice = Notice.objects.get(item=item)
    assert notice.state == NoticeState.FAILED
    assert len(many.letters) == 4
    assert len({letter.key for letter in many.letters}) == 4


def test_a_list_that_a_person_brings_is_compared_and_the_difference_sent_again(many: Addressee) -> None:
    items = written(a_case(), 3)
    work(THEN)
    loaded = [place for item in items[:2] for place in (item.location, item.media_location)]
    notice = Notice.objects.get(item=items[2])
    missing = sending.say_what_was_loaded(
        notice, [place.upper().replace("/P/", "/p/").replace(".JPG", ".jpg") for place in loaded], THEN
    )
    assert [one.item_id for one in missing] == [items[2].pk]
    work(THEN + timedelta(hours=1))
    assert many.letters[1].locations == (items[2].location, items[2].media_location)


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_broken_line_is_looked_up_once_for_all(many: Addressee, how: str) -> None:
    written(a_case(), 3)
    many.hows = [how]
    work(THEN)
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENDING}
    work(THEN + timedelta(minutes=2))
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert len(many.letters) == 1
    assert Attempt.objects.filter(result="delivered").count() == 3


def test_when_nobody_can_tell_a_person_answers_once_for_all(many: Addressee) -> None:
    items = written(a_case(), 3)
    many.hows, many.told = ["after"], "nothing"
    work(THEN)
    work(THEN + timedelta(minutes=2))
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.UNCERTAIN}
    carried = Notice.objects.get(item=items[2])
    sending.say_what_happened(carried, went_out=True, staff=Staff.objects.create(username="bo"), now=THEN)
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert len(many.letters) == 1


def test_a_dead_address_fails_them_all(many: Addressee) -> None:
    written(a_case(), 3)
    many.hows = ["never"]
    work(THEN)
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.FAILED}


def test_who_left_in_between_is_not_named_again(many: Addressee) -> None:
    written(a_case(), 3)
    many.hows = ["later"]
    work(THEN)
    carried = Notice.objects.filter(carrier__isnull=False).first()
    assert carried is not None
    left = carried.item
    Item.objects.filter(pk=left.pk).update(withdrawn_at=THEN)
    work(THEN + timedelta(hours=1))
    (letter,) = many.letters
    assert left.location not in letter.body
    assert left.location not in letter.locations
    assert len(letter.locations) == 4
    assert letter.key == f"{carried.carrier_id}-1"  # other words, another id on the wire
    assert Notice.objects.get(item=left).state == NoticeState.FAILED


def test_when_the_carrier_leaves_the_others_go_on(many: Addressee) -> None:
    items = written(a_case(), 3)
    many.hows = ["later"]
    work(THEN)
    carrier = Notice.objects.get(carrier__isnull=True)
    Item.objects.filter(pk=carrier.item_id).update(withdrawn_at=THEN)
    work(THEN + timedelta(hours=1))
    sent = [location for letter in many.letters for location in letter.locations]
    left = [item for item in items if item.pk != carrier.item_id]
    assert sorted(sent) == sorted(place for item in left for place in (item.location, item.media_location))


def test_a_withdrawal_stops_them_all(many: Addressee) -> None:
    case = a_case()
    written(case, 3)
    withdraw_report(case.report, THEN)
    work(THEN)
    assert many.letters == []
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.FAILED}


def test_a_withdrawal_stops_a_batch_that_waits_to_be_tried_again(many: Addressee) -> None:
    case = a_case()
    written(case, 3)
    many.hows = ["later"]
    work(THEN)
    withdraw_report(case.report, THEN)
    work(THEN + timedelta(hours=1))
    assert many.letters == []
    assert set(Notice.objects.values_list("state", "due_at")) == {(NoticeState.FAILED, None)}


@pytest.mark.parametrize(
    ("words", "column"), [("We will not remove it.", "refused_at"), ("It was removed.", "says_removed_at")]
)
def test_an_answer_counts_for_all_that_went_with_it(many: Addressee, words: str, column: str) -> None:
    written(a_case(), 3)
    work(THEN)
    (letter,) = many.letters
    raw = f"Message-ID: <a@x>\nIn-Reply-To: <{letter.key}-1@centre.example>\nSubject: Re\n\n{words}"
    mail.record_reply(raw.encode(), THEN)
    assert Notice.objects.filter(**{f"{column}__isnull": False}).count() == 3


def _answer(many: Addressee, key: str, words: str) -> None:
    raw = f"Message-ID: <{len(words)}@x>\nIn-Reply-To: <{key}@centre.example>\nSubject: Re\n\n{words}"
    mail.record_reply(raw.encode(), THEN + timedelta(hours=2))


def _refused() -> set[int]:
    return set(Notice.objects.filter(refused_at__isnull=False).values_list("item", flat=True))


@pytest.mark.parametrize("carrier_too", [False, True])
def test_a_late_answer_to_the_first_edition_is_for_all_that_it_named(
    many: Addressee, *, carrier_too: bool
) -> None:
    items = {item.pk for item in written(a_case(), 3)}
    carrier = Notice.objects.order_by("pk").first()
    assert carrier is not None
    many.loads = lambda place: (
        place.split(".jpg")[0] != carrier.item.location if carrier_too else "/p/1" not in place
    )
    work(THEN)
    many.loads = None
    work(THEN + timedelta(hours=1))
    first, second = many.letters
    assert len(first.locations) == 6
    assert len(second.locations) == 2
    _answer(many, first.key, "We will not remove it.")
    assert _refused() == items


def test_an_answer_to_the_second_edition_is_for_those_only_that_it_named(many: Addressee) -> None:
    written(a_case(), 3)
    work(NOON)
    many.loads = lambda _: False
    work(THEN)
    many.loads = None
    Notice.objects.filter(carrier__isnull=False).update(due_at=None)
    waiting = Notice.objects.filter(state=NoticeState.READY).order_by("due_at", "pk")
    assert waiting.count() == 3
    left = waiting.last()
    assert left is not None
    Item.objects.filter(pk=left.item_id).update(withdrawn_at=THEN)
    work(THEN + timedelta(hours=1))
    _answer(many, many.letters[-1].key, "We will not remove it.")
    assert left.item_id not in _refused()
    assert len(_refused()) == len(many.letters[-1].locations) // 2


@pytest.mark.parametrize("carrier_too", [False, True])
def test_a_late_bounce_of_an_old_edition_fails_nothing_that_went_out_anew(
    many: Addressee, *, carrier_too: bool
) -> None:
    items = written(a_case(), 3)
    carrier = Notice.objects.order_by("pk").first()
    assert carrier is not None
    again = carrier.item if carrier_too else next(one for one in items if one.pk != carrier.item_id)
    many.loads = lambda place: place.split(".jpg")[0] != again.location
    work(THEN)
    many.loads = None
    work(THEN + timedelta(hours=1))
    mail.record_reply(bounce(many.letters[0]), THEN + timedelta(hours=2))
    states = dict(Notice.objects.values_list("item", "state"))
    assert states.pop(again.pk) == NoticeState.SENT
    assert set(states.values()) == {NoticeState.FAILED}
