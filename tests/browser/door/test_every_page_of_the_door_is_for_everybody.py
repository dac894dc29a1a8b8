"""Each page of the door, in both languages and both colour schemes: no finding of axe, and no sideways scrolling at 320 px."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.door import walk
from tests.browser.door.conftest import PHONE, Visit
from tests.browser.door.states import HEADLINES, report_in_all_states
from tests.browser.for_everybody import findings, too_wide
from unseen.domain.report import AgeBand

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])


def troubles(page: Page, names: Iterator[str], language: str) -> dict[str, list[str]]:
    """What keeps somebody out, by page. All that can be folded out is looked at, too."""
    found: dict[str, list[str]] = {}
    for name in names:
        folded = page.locator("details:not([open])").count()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            found[f"{name}, {colours}"] = findings(page)
        found[f"{name}, narrow"] = too_wide(page)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type] # the shape that it wants
        if folded:
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
        if not name.startswith("verify") and page.get_attribute("html", "lang") != language:
            found[f"{name}, language"] = [page.url]
    assert found
    return {name: what for name, what in found.items() if what}


@LANGUAGES
def test_no_question_keeps_anybody_out(visit: Visit, language: str) -> None:
    page = visit(language)
    assert troubles(page, walk.of_a_report(page), language) == {}


@LANGUAGES
def test_no_question_of_a_minor_without_the_script_keeps_anybody_out(
    visit: Visit, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unseen.door.report_views.has_device_script", lambda: False)
    page = visit(language)
    assert troubles(page, walk.of_a_report(page, "minor", "another"), language) == {}


@LANGUAGES
def test_no_refusal_keeps_anybody_out(visit: Visit, language: str) -> None:
    page = visit(language)
    assert troubles(page, walk.of_a_refusal(page), language) == {}


@LANGUAGES
@pytest.mark.parametrize("age", [AgeBand.ADULT, AgeBand.MINOR])
def test_no_page_behind_a_receipt_keeps_anybody_out(visit: Visit, language: str, age: AgeBand) -> None:
    page = visit(language)
    receipt = report_in_all_states(age)
    assert troubles(page, walk.of_a_case(page, receipt), language) == {}


@LANGUAGES
def test_no_page_of_help_keeps_anybody_out(visit: Visit, language: str) -> None:
    page = visit(language)
    assert troubles(page, walk.of_help(page), language) == {}


def test_the_status_page_that_is_looked_at_holds_many_states(visit: Visit) -> None:
    page = visit()
    for name in walk.of_a_case(page, report_in_all_states()):
        if name == "case":
            break
    assert len(set(page.locator(".headline").all_inner_texts())) == HEADLINES
