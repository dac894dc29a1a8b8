import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from unseen.casework.models import Case, Item
from unseen.takedown.actions import mail
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import (
    HOUR,
    LOCATION,
    NOON,
    UP,
    a_case,
    deliver,
    found_copy,
    look,
    removed_copy,
    step,
)
from unseen.web.templatetags.desk import masked
from unseen.web.tests.desk import FETCHED, Page, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
HOSTILE = (
    '"><img src=http://evil.test/x onerror=alert(1)><script>alert(1)</script><a href="http://evil.test">x</a>'
)
HOSTILE_LOCATION = HOSTILE.replace(" ", "/")
CSS = Path(__file__).parent.parent / "static" / "web" / "desk.css"
CSS_BYTES_MAX = 20_000


@pytest.fixture
def full_desk(desk: Client) -> Client:
    """A desk whose every page has something hostile to show."""
    case = a_case(f"http://unknown.test/x?a={HOSTILE}")
    item = removed_copy(LOCATION, case)
    notice = Notice.objects.get()
    raw = f"Message-ID: <r@x>\nIn-Reply-To: <{notice.pk}@centre.example>\nSubject: {HOSTILE}\n\nIt was removed. {HOSTILE}"
    mail.record_reply(raw.encode(), NOON + HOUR)
    formy = found_copy(case, f"http://formy.test/{HOSTILE_LOCATION}")
    step(step(formy, NOON), NOON)
    look(case.items.get(host="unknown.test"), UP, NOON)
    Item.objects.exclude(pk=item.pk).update(question=f"Is it? {HOSTILE}")
    return desk


def _pages(client: Client) -> list[Page]:
    numbers = Item.objects.values_list("pk", flat=True)
    paths = [
        "/items",
        "/items?stage=all",
        f"/items?q={HOSTILE}",
        f"/search?q={HOSTILE}",
        "/platforms",
        "/platforms/prompt",
        "/platforms/formy",
    ]
    paths += ["/today", "/numbers", "/account", "/approvals", "/search?q=unknown.test"]
    paths += [f"/cases/{one}" for one in Case.objects.values_list("reference", flat=True)]
    paths += ["/platforms/site:unknown.test", *(f"/items/{number}" for number in numbers)]
    answers = [client.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return [Page(answer.content.decode()) for answer in answers]


def test_no_page_names_another_host(full_desk: Client) -> None:
    for page in _pages(full_desk):
        for value in page.values("href", *FETCHED):
            assert value.startswith(("/", "#", "?")), value
            assert not value.startswith("//"), value


def test_no_page_shows_media_or_runs_a_foreign_script_or_styles_by_hand(full_desk: Client) -> None:
    forbidden = {
        "img",
        "video",
        "audio",
        "picture",
        "source",
        "iframe",
        "embed",
        "object",
        "style",
        "base",
    }
    for page in _pages(full_desk):
        assert page.names() & forbidden == set()
        assert page.values("style", "srcdoc", "onerror", "onclick", "onload") == []
        sources = [attributes["src"] for name, attributes in page.tags if name == "script"]
        assert all(source.startswith("/static/web/") for source in sources)


def test_hostile_words_are_shown_as_they_are(full_desk: Client) -> None:
    shown = "".join(page.text for page in _pages(full_desk))
    assert "http://formy.test/…" in shown
    assert masked(f"It was removed. {HOSTILE}") in shown
    assert "Formy <b>Forum</b>" in shown


def test_titles_are_neutral(full_desk: Client) -> None:
    for page in _pages(full_desk):
        assert re.fullmatch(
            r"(Items|Item \d+|Platforms|Platform|Log in|Today|Numbers|Account|Approvals|Search|Case) · Desk",
            page.title,
        ), page.title


def test_titles_and_pictures_are_said_in_the_language_of_the_page(full_desk: Client) -> None:
    full_desk.defaults["HTTP_ACCEPT_LANGUAGE"] = "ko"
    for page in _pages(full_desk):
        assert re.fullmatch(r"[^A-Za-z]+ · 업무 화면", page.title), page.title
        assert not [words for words in page.values("aria-label") if words.isascii()]


def test_the_browser_keeps_and_tells_nothing(full_desk: Client) -> None:
    for path in ("/items", "/platforms"):
        answer = full_desk.get(path)
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]


def test_the_style_sheet_is_small_and_fetches_nothing() -> None:
    text = CSS.read_text(encoding="utf-8")
    assert len(text.encode()) < CSS_BYTES_MAX
    assert "url(" not in text
    assert "@import" not in text


def test_every_address_answers(full_desk: Client) -> None:
    for address in addresses():
        assert full_desk.get(address).status_code in (200, 302, 403, 404, 405)


def test_a_number_that_no_table_holds_is_not_found(full_desk: Client) -> None:
    assert full_desk.get(f"/items/{10**40}").status_code == 404
    assert full_desk.get("/platforms/nobody").status_code == 404
    assert full_desk.get("/platforms/site: ").status_code == 404


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?stage=x&person=1", "?platform=site:%20", f"?q={'9' * 99}"]
)
def test_an_unreadable_filter_is_left_out(full_desk: Client, query: str) -> None:
    assert full_desk.get(f"/items{query}").status_code == 200


def test_pages_cost_the_same_however_many_items(
    full_desk: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    case = a_case()
    for number in range(60):
        found_copy(case, f"http://prompt.test/many/{number}")
    with django_assert_max_num_queries(10):
        full_desk.get("/items")
    with django_assert_max_num_queries(10):
        full_desk.get("/platforms")
    with django_assert_max_num_queries(16):
        full_desk.get("/platforms/prompt")


def test_a_life_costs_the_same_however_long(
    desk: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    notice = deliver(item, NOON)
    for number in range(30):
        look(item, UP, NOON + number * HOUR)
        raw = f"Message-ID: <{number}@x>\nIn-Reply-To: <{notice.pk}@centre.example>\nSubject: {number}\n\nNoted."
        mail.record_reply(raw.encode(), NOON + number * HOUR)
    with django_assert_max_num_queries(26):
        answer = desk.get(f"/items/{item.pk}")
    assert answer.content.decode().count("still up") > 100
