from datetime import timedelta

import pytest

from tests.story.centre import Centre
from unseen.casework.models import FoundBy, Item
from unseen.discovery.models import SeenPlace, StartPage
from unseen.discovery.tests.web import (
    change_answers,
    media_asked,
    places,
    report_all,
    sweep_everywhere,
    true_places,
)
from unseen.testing.internet.party import Answer

pytestmark = pytest.mark.thorough


def test_every_copy_becomes_an_item_and_nothing_else_does(centre: Centre) -> None:
    report_all(centre)
    sweep_everywhere(centre)
    centre.tick()
    centre.pass_time(hours=5)  # one of them lets us in only a few times an hour
    assert places() == true_places(centre)
    assert set(Item.objects.values_list("found_by", flat=True)) == {FoundBy.SCAN}
    assert not Item.objects.filter(how="").exists()
    assert not Item.objects.filter(material=None).exists()
    pages = {copy.page_url for copy in centre.internet.truth.bystanders()}
    assert not pages & {page for page, _ in places()}
    assert centre.internet.truth.bystanders_touched() == []


def test_a_second_sweep_finds_nothing_new_and_fetches_no_medium(centre: Centre) -> None:
    report_all(centre)
    sweep_everywhere(centre, "silent", "nodder")
    centre.tick()
    found = places()
    asked = len(centre.internet.truth.requests())
    StartPage.objects.update(due_at=centre.now)
    centre.tick()
    assert places() == found == true_places(centre, "silent", "nodder")
    assert media_asked(centre, asked) == []
    assert {request.path for request in centre.internet.truth.requests()[asked:]} == {"/"}


def test_seen_places_are_read_again_when_the_bank_has_grown(centre: Centre) -> None:
    centre.report(centre.photo("photo-2"))
    sweep_everywhere(centre, "silent")
    centre.tick()
    assert len(places()) == 1
    centre.report(centre.photo("photo-4"))
    StartPage.objects.update(due_at=centre.now)
    centre.tick()
    assert places() == true_places(centre, "silent")


def test_seen_places_are_read_again_after_a_while(centre: Centre) -> None:
    report_all(centre)
    sweep_everywhere(centre, "silent")
    centre.tick()
    SeenPlace.objects.update(seen_at=centre.now - timedelta(days=15))
    asked = len(centre.internet.truth.requests())
    StartPage.objects.update(due_at=centre.now)
    centre.tick()
    assert len(media_asked(centre, asked)) == 4  # two copies, two bystanders' pictures


def test_a_sweep_is_repeated_when_its_time_comes(centre: Centre) -> None:
    report_all(centre)
    sweep_everywhere(centre, "silent")
    centre.tick()
    page = StartPage.objects.get()
    assert (page.swept_at, page.due_at) == (centre.now, centre.now + timedelta(hours=24))
    assert (page.lease_by, page.lease_until) == ("", None)


def test_a_medium_that_could_not_be_read_is_tried_again_by_the_next_sweep(centre: Centre) -> None:
    report_all(centre)
    sweep_everywhere(centre, "silent")
    broken = True
    change_answers(
        centre.internet.platforms["silent"],
        lambda path, answer: Answer(500) if broken and path.startswith("/m/") else answer,
    )
    centre.tick()
    assert places() == set()
    broken = False
    StartPage.objects.update(due_at=centre.now)
    centre.tick()
    assert places() == true_places(centre, "silent")


def test_a_copy_that_comes_back_elsewhere_is_told_as_the_return_of_the_first(centre: Centre) -> None:
    centre.report(centre.photo("photo-1"))
    sweep_everywhere(centre, "reuploader")
    centre.tick()
    centre.pass_time(days=11)
    first, again = Item.objects.order_by("pk")
    assert again.came_back_from == first
    assert again.how != "full"  # mirrored and cropped
    assert (again.location, again.media_location) in true_places(centre, "reuploader")
