"""An empty desk closes, a long day ends, and a chosen language stays as long as the log-in."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from unseen.clock import now
from unseen.domain.limits import DESK_IDLE_MAX, DESK_OPEN_MAX
from unseen.takedown.tests.lives import LOCATION, a_case
from unseen.web import access
from unseen.web.tests.desk import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
A_MOMENT = timedelta(seconds=70)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """How much later it is at the lock; a test puts further pauses in."""
    passed: list[timedelta] = []
    began = now()

    def at() -> datetime:
        return began + sum(passed, timedelta())

    monkeypatch.setattr(access, "now", at)
    return passed


def test_a_desk_that_nobody_touches_closes(desk: Client, later: list[timedelta]) -> None:
    assert desk.get("/items").status_code == 200
    later.append(DESK_IDLE_MAX - A_MOMENT)
    assert desk.get("/items").status_code == 200
    later.append(DESK_IDLE_MAX - A_MOMENT)
    assert desk.get("/items").status_code == 200
    later.append(DESK_IDLE_MAX + A_MOMENT)
    assert desk.get("/items").status_code == 302


def test_a_page_that_refreshes_itself_keeps_no_empty_desk_open(desk: Client, later: list[timedelta]) -> None:
    assert desk.get("/today").status_code == 200
    for _ in range(16):
        later.append(A_MOMENT)
        answer = desk.get("/today/live")
    assert answer.status_code == 302


def test_no_log_in_outlives_a_working_day(desk: Client, later: list[timedelta]) -> None:
    statuses = []
    while sum(later, timedelta()) <= DESK_OPEN_MAX:
        statuses.append(desk.get("/items").status_code)
        later.append(DESK_IDLE_MAX / 2)
    assert set(statuses) == {200}
    assert desk.get("/items").status_code == 302


def test_every_path_of_the_desk_is_strict_and_kept_nowhere(desk: Client) -> None:
    a_case(LOCATION)
    for address in addresses():
        answer = desk.get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy, address
        assert "http" not in policy, address
        if answer.status_code == 200:
            assert "no-store" in answer["Cache-Control"], address


def test_a_language_is_chosen_and_stays(desk: Client) -> None:
    page = desk.get("/items", headers={"accept-language": "en"})
    assert '<html lang="en">' in page.content.decode()
    token = desk.cookies["csrftoken"].value
    asked = {"language": "ko", "next": "/items?stage=all", "csrfmiddlewaretoken": token}
    assert desk.post("/language", asked)["Location"] == "/items?stage=all"
    shown = desk.get("/items", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="ko">' in shown
    assert "건 목록" in shown


@pytest.mark.parametrize("away", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", ""])
def test_choosing_a_language_leads_to_no_other_site(desk: Client, away: str) -> None:
    desk.get("/items")
    asked = {"language": "ko", "next": away, "csrfmiddlewaretoken": desk.cookies["csrftoken"].value}
    assert desk.post("/language", asked)["Location"] == "/"


def test_a_stranger_makes_us_store_nothing(db: None) -> None:
    browser = Client(headers={"accept-language": "ko"})
    assert '<html lang="ko">' in browser.get("/log-in").content.decode()
    browser.get("/log-in/passkey/question")
    assert browser.post("/log-in/passkey", {"answer": "{}"}).status_code == 302
    browser.post("/language", {"language": "en"})
    assert "sessionid" not in browser.cookies
