"""Whatever stands in an address or a field, a page answers; PostgreSQL takes no null byte, and no number without end."""

import pytest
from django.test import Client

from unseen.accounts.models import Role, Staff

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
PATHS = (
    "/verify?number={0}", "/en/door/help/{0}", "/platforms/{0}", "/cases/{0}", "/items/{0}", "/items?q={0}&stage={0}&page={0}",
    "/search?q={0}", "/journal?page={0}&after={0}&kind={0}&subject={0}", "/approvals/{0}", "/exchange/v1/page?after={0}",
)  # fmt: skip
FORMS: dict[str, tuple[str, ...]] = {
    "/log-in": ("username", "password", "code"),
    "/begin": ("username", "code", "answer"),
    "/en/door/receipt": ("receipt", "pin"),
    "/en/door/report": ("step", "who", "state"),
    "/language": ("language", "next"),
}


@pytest.fixture
def reviewer(client: Client) -> Client:
    staff = Staff.objects.create(username="bo", role=Role.REVIEWER)
    client.force_login(staff, "unseen.accounts.backends.PasswordAndCode")
    return client


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%ED%A0%80", "9" * 30, "-1", "%F0%9F%98%80", "%0A", "%27--"])
def test_in_an_address(odd: str, reviewer: Client) -> None:
    assert [path for path in PATHS if reviewer.get(path.format(odd)).status_code >= 500] == []


@pytest.mark.parametrize(
    "odd", ["\x00", "a\x00b", "9" * 40, "\N{GRINNING FACE}", "//elsewhere.test", "logout"]
)
def test_in_a_form(odd: str, client: Client) -> None:
    broken = [
        path
        for path, names in FORMS.items()
        if client.post(path, dict.fromkeys(names, odd)).status_code >= 500
    ]
    assert broken == []
    assert client.post("/language", {"next": odd})["Location"] == "/"
