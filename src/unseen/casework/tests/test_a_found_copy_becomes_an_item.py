import random
import string

import pytest

from unseen.casework.actions import withdraw_case
from unseen.casework.models import Item
from unseen.casework.tests.cases import MEDIA, a_case, closed, found
from unseen.domain.item import Outcome, Stage
from unseen.domain.limits import LOCATION_CHARACTERS_MAX
from unseen.intake.tests.reports import NOON, PAGE
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db


def test_a_found_copy_is_matched_and_says_which_edit_explains_it() -> None:
    case = a_case()
    item = found(case, PAGE)
    assert item is not None
    item = Item.objects.get(pk=item.pk)
    assert (item.location, item.media_location, item.host) == (PAGE, MEDIA, "platform.test")
    assert (item.stage, item.matched, item.how, item.distance_bits) == (Stage.RECEIVED, True, "mirror", 7)
    assert (item.material, item.found_by, item.due_at) == (case.materials.get(), "scan", NOON)
    assert item.came_back_from is None
    assert [told.tag for told in life_of(about("item", item.pk))] == ["item:location:found"]


def test_a_known_place_is_not_added_again() -> None:
    case = a_case()
    assert found(case, PAGE)
    assert found(case, PAGE) is None
    assert found(case, PAGE, "https://media.platform.test/b.jpg")
    assert Item.objects.count() == 2


def test_a_place_that_was_only_reported_is_known() -> None:
    case = a_case(PAGE)
    assert found(case, PAGE) is None
    assert Item.objects.get().material is None


def test_the_same_place_in_two_cases_is_two_items() -> None:
    assert found(a_case(), PAGE)
    assert found(a_case(), PAGE)


def test_a_copy_that_returns_to_a_platform_says_where_it_came_back_from() -> None:
    case = a_case()
    first = found(case, PAGE)
    assert first is not None
    closed(first, Outcome.REMOVED)
    second = found(case, "https://platform.test/p/2")
    assert second is not None
    assert Item.objects.get(pk=second.pk).came_back_from == first
    assert life_of(about("item", first.pk))[-1].tag == "item:copy:returned"
    assert life_of(about("item", first.pk))[-1].data == {"new_item": second.pk}


@pytest.mark.parametrize(
    ("outcome", "place"),
    [(Outcome.REFUSED, "https://platform.test/p/2"), (Outcome.REMOVED, "https://other.test/p/2")],
)
def test_a_copy_elsewhere_or_never_removed_did_not_come_back(outcome: Outcome, place: str) -> None:
    case = a_case()
    first = found(case, PAGE)
    assert first is not None
    closed(first, outcome)
    second = found(case, place)
    assert second is not None
    assert second.came_back_from is None


def test_another_persons_removed_copy_is_not_where_it_came_from() -> None:
    theirs = found(a_case(), PAGE)
    assert theirs is not None
    closed(theirs, Outcome.REMOVED)
    ours = found(a_case(), "https://platform.test/p/2")
    assert ours is not None
    assert ours.came_back_from is None


def test_nothing_is_added_to_a_withdrawn_case() -> None:
    case = a_case()
    withdraw_case(case, NOON)
    assert found(case, PAGE) is None
    assert not Item.objects.exists()


def test_the_longest_locations_are_held() -> None:
    chance = random.Random(1)  # noqa: S311 - letters that a database cannot squeeze
    letters = "".join(chance.choices(string.ascii_letters + string.digits, k=LOCATION_CHARACTERS_MAX * 2))
    page, media = (
        f"https://platform.test/{part}"[:LOCATION_CHARACTERS_MAX]
        for part in (letters[:LOCATION_CHARACTERS_MAX], letters[LOCATION_CHARACTERS_MAX:])
    )
    case = a_case()
    item = found(case, page, media)
    assert item is not None
    assert found(case, page, media) is None
    assert Item.objects.get().media_location == media
