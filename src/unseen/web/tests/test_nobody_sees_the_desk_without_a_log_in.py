import pytest
from django.test import Client
from django.urls import reverse

from unseen.accounts.actions import add_staff
from unseen.accounts.codes import code_now
from unseen.accounts.models import Role, Staff
from unseen.accounts.permissions import PUBLIC
from unseen.clock import now
from unseen.takedown.tests.lives import LOCATION, NOON, a_case
from unseen.web.tests.desk import addresses
from unseen.web.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
OPEN = {reverse(str(one.name)) for one in urlpatterns if one.name in PUBLIC}
PASSWORD = "a long and boring sentence"


@pytest.mark.parametrize("address", sorted(set(addresses()) - OPEN))
@pytest.mark.parametrize("method", ["get", "post", "head", "put", "delete"])
def test_every_page_sends_a_stranger_to_the_log_in(address: str, method: str) -> None:
    a_case(LOCATION)
    answer = getattr(Client(), method)(address)
    assert answer.status_code == 302
    assert answer["Location"].partition("?")[0] == reverse("login")


def test_the_list_of_pages_is_not_empty() -> None:
    assert len(addresses()) >= 8


def test_somebody_who_left_is_a_stranger(desk: Client, bo: Staff) -> None:
    assert desk.get("/items").status_code == 200
    Staff.objects.filter(pk=bo.pk).update(is_active=False)
    assert desk.get("/items").status_code == 302


@pytest.mark.parametrize("path", ["answer", "notices/00000000-0000-4000-8000-000000000000/sent"])
def test_a_write_without_the_token_is_refused(desk: Client, path: str) -> None:
    item = a_case(LOCATION).items.get()
    assert desk.post(f"/items/{item.pk}/{path}", {"answer": "accept"}).status_code == 403
    assert desk.get(f"/items/{item.pk}/{path}").status_code == 405


def test_leaving_takes_a_post(desk: Client) -> None:
    assert desk.get(reverse("logout")).status_code == 405
    assert desk.post(reverse("logout")).status_code == 403
    assert desk.get("/items").status_code == 200


def _typed(staff: Staff, **changed: str) -> dict[str, str]:
    """What this person types at the log-in, with something changed."""
    right = {"username": "haneul", "password": PASSWORD, "code": code_now(staff.code_seed, now())}
    return right | changed


@pytest.mark.parametrize(
    "changed", [{"password": "wrong"}, {"code": "000000"}, {"code": ""}, {"username": "bo"}]
)
def test_a_wrong_part_opens_nothing_and_is_not_named(changed: dict[str, str]) -> None:
    staff, client = add_staff("haneul", PASSWORD, NOON, Role.CASEWORKER), Client()
    wrong = client.post(reverse("login"), _typed(staff, **changed))
    assert "do not fit together" in wrong.content.decode()
    assert client.get("/items").status_code == 302


def test_the_log_in_opens_the_desk_and_each_code_once() -> None:
    staff, client = add_staff("haneul", PASSWORD, NOON, Role.CASEWORKER), Client()
    typed = _typed(staff)
    assert client.post(reverse("login"), typed).status_code == 302
    assert client.get("/items").status_code == 200
    assert "do not fit together" in Client().post(reverse("login"), typed).content.decode()


def test_the_log_in_leads_to_no_other_site() -> None:
    staff = add_staff("haneul", PASSWORD, NOON, Role.CASEWORKER)
    asked = _typed(staff, next="https://evil.test/")
    assert Client().post(reverse("login"), asked)["Location"] == "/"


def test_a_new_desk_says_how_to_get_in() -> None:
    assert "unseen staff add" in Client().get(reverse("login")).content.decode()
    add_staff("haneul", PASSWORD, NOON)
    assert "unseen staff add" not in Client().get(reverse("login")).content.decode()
