import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from unseen.door.help import LANGUAGES, help_pages
from unseen.door.tests.visitor import Page, Visitor
from unseen.door.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
OPEN = ["", "/receipt", "/away", *(f"/help/{key}" for key in help_pages("en"))]
FETCHES = {"src", "href", "action", "formaction", "srcset", "poster", "data", "ping", "background"}
HOSTILE = '"><script>alert(1)</script><img src=http://evil.test/x>'


def every_page(language: str) -> list[Visitor]:
    """One visitor on each page of the door, those behind forms included, with hostile text wherever one types."""
    visitors = [Visitor(language) for _ in OPEN]
    for visitor, path in zip(visitors, OPEN, strict=True):
        visitor.get(path)
    way = [Visitor(language) for _ in range(8)]
    steps: list[dict[str, Any]] = [
        {"age": "minor"},
        {},
        {"pasted": f"https://platform.test/?a={HOSTILE} @someone {HOSTILE}"},
        {"keep": ["https://platform.test/"], "pasted": "www.other.test/x"},
        {"may_share": "on"},
        {"pin": HOSTILE[:40]},
    ]
    for number, visitor in enumerate(way):
        visitor.get("")
        visitor.post("/report", who="another")
        for answers in steps[:number]:
            visitor.go(**answers)
    inside = [Visitor(language) for _ in range(3)]
    receipt = Visitor(language).report()
    for visitor, does in zip(
        inside, ({"do": "say", "text": HOSTILE}, {"do": "stop"}, {"do": "show"}), strict=True
    ):
        visitor.come_back(receipt)
        visitor.post("/case", **does)
    late = Visitor(language)
    late.get("/receipt")
    late.post("/case", state="old")
    wrong = Visitor(language)
    wrong.post("/case", receipt=HOSTILE)
    return [*visitors, *way, *inside, late, wrong]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_strict_and_neutral(language: str) -> None:
    for visitor in every_page(language):
        answer, page = visitor.answer, visitor.page
        assert answer.status_code < 500
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert page.title in ("Page", "쪽", "Cooking rice", "밥 짓기")
        assert f'<html lang="{language}">' in page.html
        _asks_nobody(page)
        _holds_only_what_the_policy_names(page, policy)


def _asks_nobody(page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag not in ("iframe", "object", "embed", "img", "video", "audio", "base"), tag
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        for name in FETCHES & set(attributes):
            if name == "data":
                continue
            assert re.match(r"/(?!/)|#|tel:[0-9+]+$|$", attributes[name]), attributes


def _holds_only_what_the_policy_names(page: Page, policy: str) -> None:
    directives = dict(one.strip().split(" ", 1) for one in policy.split(";"))
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        for attributes, text in re.findall(rf"<{tag}\b([^>]*)>(.*?)</{tag}>", page.html, re.DOTALL):
            source = f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
            assert source in directives[directive] if text else 'src="/static/' in attributes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_label_and_every_page_one_heading(language: str) -> None:
    for visitor in every_page(language):
        page = visitor.page
        labels = {
            attributes["for"] for tag, attributes in page.tags if tag == "label" and "for" in attributes
        }
        for tag, attributes in page.tags:
            if tag == "textarea" or (
                tag == "input" and attributes.get("type") in ("password", "file", "text")
            ):
                assert attributes["id"] in labels
        assert [tag for tag, _ in page.tags].count("h1") == 1


def test_only_the_visit_is_kept_and_no_script_reads_it() -> None:
    client = Client()
    answer = client.get("/en/door")
    assert set(answer.cookies) == {"visit"}
    visit = answer.cookies["visit"]
    assert (visit["httponly"], visit["samesite"], visit["max-age"], visit["expires"]) == (
        True,
        "Strict",
        "",
        "",
    )
    assert not client.get("/en/door/help/now").cookies


@pytest.mark.parametrize(
    ("asks", "led"), [("ko-KR,ko;q=0.9", "/ko/door"), ("fr", "/en/door"), ("", "/en/door")]
)
def test_a_path_without_a_language_is_led_to_the_browsers(asks: str, led: str) -> None:
    answer = Client().get("/door", headers={"accept-language": asks})
    assert answer["Location"] == led


def test_leaving_throws_away_what_the_browser_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    before = visitor.page
    visitor.get("/away")
    assert "cookies" in visitor.answer["Clear-Site-Data"]
    assert visitor.answer.cookies["visit"]["max-age"] == 0
    visitor.client.cookies.clear()
    visitor.page = before
    assert "This page has closed" in visitor.go(age="adult").html
    object.__setattr__(settings.UNSEEN, "exit_address", "https://weather.example")
    try:
        visitor.get("/away")
        assert visitor.answer["Location"] == "https://weather.example"
    finally:
        object.__setattr__(settings.UNSEEN, "exit_address", None)


def test_a_script_may_compute_on_the_page_of_pictures_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unseen.door.report_views.has_device_script", lambda: True)
    visitor = Visitor("ko")
    visitor.get("")
    visitor.post("/report", who="me")
    assert "wasm" not in visitor.answer["Content-Security-Policy"]
    visitor.go(age="adult")
    assert "script-src 'self' 'wasm-unsafe-eval'" in visitor.answer["Content-Security-Policy"]
    files = [one for tag, one in visitor.page.tags if one.get("type") == "file"]
    assert [one for one in files if "name" in one] == []
    assert "data-files" in files[0]
    assert "지문 {count}개" in visitor.page.html


def test_the_list_of_pages_is_whole() -> None:
    assert len(urlpatterns) == 7
