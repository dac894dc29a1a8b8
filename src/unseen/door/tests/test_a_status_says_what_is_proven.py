import pytest
from django.db.models.signals import post_init

from unseen.casework.models import Item
from unseen.domain.report import AgeBand, ReportDraft
from unseen.door.status import PlaceStatus, status_of
from unseen.door.tests.visitor import Visitor
from unseen.intake import actions
from unseen.intake.actions import receive_report
from unseen.intake.models import Report
from unseen.takedown.models import Recheck
from unseen.takedown.tests.lives import (
    GONE,
    HOUR,
    LOCATION,
    NOON,
    UNSEEN,
    UP,
    a_case,
    deliver,
    found_copy,
    look,
    removed_copy,
    step,
)

pytestmark = pytest.mark.django_db


def said(item: Item) -> PlaceStatus:
    places = status_of(item.case.report).places
    return next(place for place in places if place.location == item.location)


def test_before_anybody_took_it_up_the_places_are_repeated() -> None:
    Visitor().report("https://platform.test/p/1")
    status = status_of(Report.objects.get())
    assert status.waits
    assert [place.headline for place in status.places] == ["We have it. Work begins within minutes."]


def test_a_place_is_named_without_its_port() -> None:
    draft = ReportDraft(AgeBand.ADULT, (), ("http://platform.test:8080/p/1",))
    receive_report(draft, may_share=False, now=NOON)
    assert [place.host for place in status_of(Report.objects.get()).places] == ["platform.test"]


def test_before_the_first_look_no_person_is_claimed_but_for_a_minor() -> None:
    item = a_case(LOCATION).items.get()
    assert said(item).headline == "We look at it ourselves before we ask anybody."
    Report.objects.update(age_band=AgeBand.MINOR)
    assert said(item).headline.startswith("A person at the centre looks at this one")


def test_from_asking_to_gone_no_word_is_early() -> None:
    item = found_copy(a_case(), LOCATION)
    item = step(item, NOON)
    assert said(item).headline.startswith("We are writing")
    item = step(item, NOON)
    deliver(item, NOON)
    item = look(item, UP, NOON + 2 * HOUR)
    assert said(item).headline.startswith("Asked. It is not gone yet")
    assert said(item).lines[0] == "2026-11-23: our request arrived (Prompt Pictures)."
    item = look(item, UNSEEN, NOON + 3 * HOUR)
    assert said(item).headline.startswith("Asked. We could not see yet")
    item = look(item, GONE, NOON + 4 * HOUR)
    assert said(item).headline.startswith("It seems to be gone. We look again")
    assert said(item).tone == "open"


def test_of_a_place_that_is_watched_for_years_only_the_last_look_is_read() -> None:
    item, other = removed_copy(LOCATION), found_copy(a_case(), f"{LOCATION}/2")
    for day in range(1, 4):
        look(item, GONE, NOON + day * 24 * HOUR)
    read: list[Recheck] = []

    def note(instance: Recheck, **_: object) -> None:
        read.append(instance)

    post_init.connect(note, sender=Recheck)
    try:
        assert said(item).tone == "good"
        assert said(other).tone == "calm"
    finally:
        post_init.disconnect(note, sender=Recheck)
    assert [look.at for look in read] == [NOON + 3 * 24 * HOUR]


def test_removed_says_from_how_many_places() -> None:
    item = removed_copy(LOCATION)
    assert said(item).headline.startswith("Gone: we checked from 3 places.")
    assert said(item).tone == "good"
    assert status_of(item.case.report).gone == 1


def test_after_stopping_nothing_is_said_to_go_on() -> None:
    item = removed_copy(LOCATION)
    actions.withdraw_report(item.case.report, NOON + 11 * HOUR)
    status = status_of(Report.objects.get())
    assert (status.places, status.gone, status.waits) == ((), 0, False)


def test_what_cannot_be_seen_after_closing_is_no_longer_called_gone() -> None:
    item = look(removed_copy(LOCATION), UNSEEN, NOON + 40 * HOUR)
    assert said(item).tone == "open"
    assert status_of(item.case.report).gone == 0


def test_what_came_back_is_said_to_be_back() -> None:
    item = look(removed_copy(LOCATION), UP, NOON + 40 * HOUR)
    item = step(item, NOON + 41 * HOUR)
    while item.notices.filter(round=item.round).count() == 0:
        item = step(item, NOON + 41 * HOUR)
    deliver(item, NOON + 42 * HOUR)
    assert said(item).headline == "It came back, and we asked again."


def test_all_places_cost_a_handful_of_queries(django_assert_max_num_queries: object) -> None:
    case = a_case()
    for number in range(30):
        look(found_copy(case, f"{LOCATION}/{number}"), UP, NOON)
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        assert len(status_of(case.report).places) == 30
