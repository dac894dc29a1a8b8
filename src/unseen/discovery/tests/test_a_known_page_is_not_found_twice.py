import pytest

from tests.story.centre import Centre
from unseen.casework import due as casework
from unseen.casework.models import FoundBy, Item
from unseen.casework.tests.rows import item_at, items_at
from unseen.discovery import due as discovery
from unseen.discovery.models import StartPage
from unseen.discovery.tests.web import places, report_all, sweep_everywhere, true_places, two_on_one_page
from unseen.hashbank import due as hashbank

pytestmark = pytest.mark.thorough


def test_a_reported_page_that_is_swept_stays_one_item(centre: Centre) -> None:
    copy = centre.copies("silent", "photo-2")[0]
    report_all(centre, copy.page_url)
    sweep_everywhere(centre, "silent")
    centre.tick()
    _sweep_again(centre)
    assert places() == true_places(centre, "silent")
    item = item_at(copy.page_url)
    assert (item.found_by, item.media_location) == (FoundBy.REPORT, copy.media_url)


def test_a_reported_page_that_is_swept_before_its_first_look_stays_one_item(centre: Centre) -> None:
    copy = centre.copies("silent", "photo-2")[0]
    report_all(centre, copy.page_url)
    sweep_everywhere(centre, "silent")
    _before_takedown(centre)
    assert [item.material for item in items_at(copy.page_url)] == [None]
    centre.tick()
    _sweep_again(centre)
    assert places() == true_places(centre, "silent")


def test_two_pictures_on_one_reported_page_are_two_items(centre: Centre) -> None:
    first, second = two_on_one_page(centre)
    report_all(centre, first.page_url)
    sweep_everywhere(centre, "silent")
    centre.tick()
    _sweep_again(centre)
    assert places() == {(first.page_url, first.media_url), (first.page_url, second.media_url)}
    assert len(set(Item.objects.values_list("material", flat=True))) == 2


def test_two_pictures_on_a_page_that_is_swept_before_its_first_look_are_two_items(centre: Centre) -> None:
    first, second = two_on_one_page(centre)
    report_all(centre, first.page_url)
    sweep_everywhere(centre, "silent")
    _before_takedown(centre)
    assert Item.objects.count() == 1
    centre.tick()
    _sweep_again(centre)
    assert places() == {(first.page_url, first.media_url), (first.page_url, second.media_url)}
    assert len(set(Item.objects.values_list("material", flat=True))) == 2


def test_a_reported_page_without_a_match_does_not_hide_the_rest_of_the_site(centre: Centre) -> None:
    bystander = next(one for one in centre.internet.truth.bystanders() if one.platform == "silent")
    report_all(centre, bystander.page_url)
    sweep_everywhere(centre, "silent")
    centre.tick()
    assert places() == true_places(centre, "silent") | {(bystander.page_url, "")}


def _before_takedown(centre: Centre) -> None:
    """The case is open and a sweep was made, and nobody has looked at the reported page yet."""
    for stage in (hashbank, casework, discovery):
        while stage.do_due(centre.now, "early"):
            pass


def _sweep_again(centre: Centre) -> None:
    StartPage.objects.update(due_at=centre.now)
    centre.tick()
