import pytest

from unseen.accounts.models import Role, Staff
from unseen.casework.models import Item
from unseen.takedown import queries, search
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import NOON, a_case, deliver, found_copy, small_directory, step

pytestmark = pytest.mark.django_db
LOCATION = "http://prompt.test/p/1?a=b"


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)


@pytest.fixture
def bo(db: None) -> Staff:
    return Staff.objects.create(username="bo", role=Role.CASEWORKER)


@pytest.fixture
def item(db: None) -> Item:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    deliver(item, NOON)
    found_copy(a_case(), "http://other.test/p/1")
    return item


def _found(text: str, staff: Staff) -> list[int]:
    return [one.pk for one in search.found(text, staff).items]


def test_an_item_is_found_by_all_its_names(item: Item, bo: Staff) -> None:
    notice = Notice.objects.get(item=item)
    names = [str(item.pk), f"#{item.pk}", item.reference.lower(), item.case.reference, "prompt.test"]
    names += [
        LOCATION,
        "prompt.test/p/1",
        f" {LOCATION}.jpg ",
        str(notice.pk),
        f"<{notice.pk}@centre.example>",
    ]
    assert {name: _found(name, bo) for name in names} == {name: [item.pk] for name in names}


@pytest.mark.parametrize(
    "text",
    ["", " ", "prompt.test/q", "%", "_", "' OR 1=1 --", "http://[", "0" * 5_000, "prompt", "test", "\x00"],
)
def test_what_names_nothing_finds_nothing(item: Item, bo: Staff, text: str) -> None:
    assert _found(text, bo) == []


def test_somebody_elses_case_is_not_found(item: Item, bo: Staff) -> None:
    item.case.person = Staff.objects.create(username="other", role=Role.CASEWORKER)
    item.case.save()
    notice = Notice.objects.get(item=item)
    for name in (str(item.pk), item.reference, item.case.reference, LOCATION, str(notice.pk)):
        assert _found(name, bo) == []
        assert _found(name, Staff(role=Role.REVIEWER)) == [item.pk]
        assert _found(name, Staff(role=Role.ADMINISTRATOR)) == []


def test_a_platform_is_found_by_the_beginning_of_its_name(bo: Staff) -> None:
    assert [one.key for one in search.found("prompt p", bo).parties] == ["prompt"]


def test_more_than_can_be_shown_is_said(bo: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_case()
    for number in range(3):
        found_copy(case, f"http://prompt.test/{number}")
    monkeypatch.setattr(search, "SEARCH_SHOWS_MAX", 2)
    found = search.found("prompt.test", bo)
    assert (len(found.items), found.more) == (2, True)
