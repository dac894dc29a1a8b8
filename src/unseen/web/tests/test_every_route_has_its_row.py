"""Route x role x whose case: the answers of the desk equal the one table, and no route is without a row."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.views.generic import RedirectView

from unseen.accounts.models import Role, Staff
from unseen.accounts.permissions import PUBLIC, PUBLIC_NAMESPACES, TABLE, Reach
from unseen.casework.models import Item
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import NOON, a_case, found_copy, step
from unseen.web.tests.desk import VALUES
from unseen.web.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
REFUSED = {403, 404}
OWNERS = ("mine", "nobody's", "another's")
ROUTES = sorted({str(one.name) for one in urlpatterns} - PUBLIC)


def _unlocked(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()) -> list[str]:
    """Every route outside the public groups, by name, of the whole site."""
    found = []
    for one in patterns:
        if isinstance(one, URLResolver):
            found += _unlocked(one.url_patterns, (*spaces, one.namespace) if one.namespace else spaces)
        elif not set(spaces) & PUBLIC_NAMESPACES:
            found.append(one.name or f"without a name: {one.pattern}")
    return found


def test_every_route_of_the_site_has_a_row_and_every_row_a_route() -> None:
    routes = set(_unlocked(get_resolver().url_patterns))
    assert routes - PUBLIC == TABLE.keys()
    assert not TABLE.keys() & PUBLIC


def test_a_new_route_without_a_row_is_found() -> None:
    planted = [*urlpatterns, path("planted", RedirectView.as_view(url="/"), name="planted")]
    assert set(_unlocked(list(planted))) - PUBLIC - TABLE.keys() == {"planted"}


def test_django_lets_nobody_in_with_a_password_alone() -> None:
    assert all(name.startswith("unseen.accounts.backends.") for name in settings.AUTHENTICATION_BACKENDS)
    assert not settings.INSTALLED_APPS.count("django.contrib.admin")


@pytest.fixture
def place(db: None) -> Item:
    """An item with a form to fill in, so that every address about it names something that is there."""
    return step(step(found_copy(a_case(), "http://formy.test/p/1"), NOON), NOON)


def _address(route: str, item: Item) -> str:
    (pattern,) = [one for one in urlpatterns if one.name == route]
    notice = Notice.objects.get(item=item)
    there = {"number": item.pk, "reference": item.case.reference, "notice_id": notice.pk}
    names = pattern.pattern.converters
    return reverse(route, kwargs={name: ({**VALUES, **there})[name] for name in names})


def _is_about_a_case(route: str) -> bool:
    (pattern,) = [one for one in urlpatterns if one.name == route]
    return bool(pattern.pattern.converters.keys() & {"number", "reference"})


def _allowed(route: str, role: str, owner: str) -> bool:
    """What the table says, read here once more by hand."""
    reach = TABLE[route].get(Role(role)) if role else None
    if reach is None:
        return False
    return reach is Reach.ALL or owner != "another's" or not _is_about_a_case(route)


@pytest.mark.parametrize("role", ["", *Role.values])
@pytest.mark.parametrize("owner", OWNERS)
def test_no_role_gets_further_than_its_row(role: str, owner: str, place: Item) -> None:
    me, other = (Staff.objects.create(username=name, role=role) for name in ("me", "other"))
    place.case.person = {"mine": me, "nobody's": None, "another's": other}[owner]
    place.case.save()
    wrong = []
    for route in ROUTES:
        for method in ("get", "post"):
            browser = Client()
            browser.force_login(me, settings.AUTHENTICATION_BACKENDS[0])
            status = getattr(browser, method)(_address(route, place)).status_code
            if (status not in REFUSED) is not _allowed(route, role, owner):
                wrong.append((route, method, status))
    assert wrong == []


@pytest.mark.parametrize("role", ["intake", "caseworker"])
def test_lists_show_nothing_of_somebody_elses_case(role: str, place: Item) -> None:
    me, other = (Staff.objects.create(username=name, role=role) for name in ("me", "other"))
    Item.objects.filter(pk=place.pk).update(question="Is it?")
    paths: tuple[str, ...] = (
        "/today",
        "/items",
        "/items?stage=all",
        f"/items?q={place.reference}",
        "/platforms/formy",
    )
    paths += (f"/search?q={place.reference}", f"/search?q={place.case.reference}", "/search?q=formy.test")
    browser = Client()
    browser.force_login(me, settings.AUTHENTICATION_BACKENDS[0])
    page = f"/items/{place.pk}"
    assert all(page in browser.get(path).content.decode() for path in paths)
    place.case.person = other
    place.case.save()
    assert not [path for path in paths if page in browser.get(path).content.decode()]


def test_the_administrator_and_the_publisher_see_no_case(place: Item) -> None:
    for role in (Role.ADMINISTRATOR, Role.PUBLISHER, Role.AUDITOR):
        person = Staff.objects.create(username=role, role=role)
        browser = Client()
        browser.force_login(person, settings.AUTHENTICATION_BACKENDS[0])
        for page in (
            "/today",
            "/items",
            f"/items/{place.pk}",
            "/search?q=formy",
            "/staff",
            "/platforms/formy",
        ):
            shown = browser.get(page).content.decode()
            assert place.reference not in shown
            assert place.case.reference not in shown
