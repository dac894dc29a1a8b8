import pytest
from django.test import Client

from unseen.accounts.models import Staff
from unseen.casework.models import Item
from unseen.statistics.queries import platform_rows
from unseen.takedown.tests.lives import a_case

pytestmark = pytest.mark.django_db
PLACES = ("http://[::1]/a", "http://[2001:db8::1]/b", "http://192.0.2.7/c", "http://a_b.test/d")


@pytest.mark.parametrize("place", PLACES)
def test_a_reported_address_without_a_name_breaks_no_page(bo: Staff, place: str) -> None:
    """Anybody may report any place; one that the directory could not read closed the desk for everybody."""
    a_case(place)
    browser = Client()
    browser.force_login(bo, "unseen.accounts.backends.PasswordAndCode")
    (row,) = platform_rows()
    pages = [
        "/today",
        "/items?stage=all",
        f"/cases/{Item.objects.get().case.reference}",
        f"/items/{Item.objects.get().pk}",
        "/platforms",
        f"/platforms/{row.party.key}",
    ]
    assert [browser.get(page).status_code for page in pages] == [200] * len(pages)
    assert b"item" in browser.get(pages[-1]).content
