"""The way of a report and the way back by keyboard alone: each stop can be seen, and Shift three times leaves."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.door.conftest import Visit
from unseen.intake.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STOPS_MAX = 40
# A frame around what has the focus, within the window, and nothing of ours lies over it.
_SEEN = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "no frame";
    if (box.top < 0 || box.top >= innerHeight || box.width < 2) return "outside of the window";
    const top = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + 4, innerHeight - 1));
    return one.contains(top) || (top && top.contains(one)) ? "" : "covered by " + (top && top.outerHTML.slice(0, 80));
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus; each stop on the way must be seen."""
    for _ in range(STOPS_MAX):
        page.keyboard.press("Tab")
        hidden = page.evaluate(_SEEN)
        if page.evaluate("document.activeElement === document.body"):
            continue  # the end of the page; it begins anew
        assert hidden == "", page.evaluate("document.activeElement.outerHTML")[:160]
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}: {page.inner_text('main')}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def go(page: Page, selector: str, key: str = "Enter") -> None:
    """Press what leads to another page, and wait until it stands."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_report_and_its_way_back_need_no_pointer(visit: Visit) -> None:
    page = visit()
    page.on("filechooser", lambda _: None)  # from the start: the browser needs a moment to catch one
    page.goto("door")
    go(page, "button[value=me]")
    expect(page.get_by_role("heading", name="How old are you")).to_be_visible()
    press(page, "input[value=minor]", "Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[value=adult]")).to_be_checked()
    go(page, "button[value=next]")
    tab_to(page, "#files")
    with page.expect_file_chooser():
        page.keyboard.press("Enter")
    go(page, "button[value=next]", "Space")
    tab_to(page, "#pasted")
    page.keyboard.type("https://platform.test/p/1 and https://platform.test/p/2")
    go(page, "button[value=next]")
    press(page, "input[name=keep]", "Space")
    expect(page.locator("input[name=keep]").first).not_to_be_checked()
    go(page, "button[value=next]")
    press(page, "input[name=may_share]", "Space")
    go(page, "button[value=next]")
    press(page, "summary")
    tab_to(page, "#pin")
    page.keyboard.type("0417")
    go(page, "button[value=next]")
    expect(page.locator(".words li")).to_have_count(12)
    report = Report.objects.get()
    assert (report.may_share, report.may_watch, report.locations.count()) == (True, False, 1)
    words = " ".join(page.locator(".words li").all_inner_texts())
    go(page, "a[href$='/door/receipt']")
    tab_to(page, "#receipt")
    page.keyboard.type(words)
    tab_to(page, "#pin")
    page.keyboard.type("0417")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("platform.test").first).to_be_visible()
    tab_to(page, "#text")
    page.keyboard.type("Hello")
    go(page, "button[value=say]")
    expect(page.get_by_text("Your message is with the centre.")).to_be_visible()
    go(page, "button[value=stop]")
    go(page, "button[value=stop-sure]")
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()
    report.refresh_from_db()
    assert report.withdrawn_at is not None


def test_the_first_stop_leads_past_the_head_of_the_page(visit: Visit) -> None:
    page = visit()
    page.goto("door/help/now")
    press(page, ".skip")
    press(page, "a[href^='tel:']")


def test_shift_three_times_leaves_and_nothing_leads_back(visit: Visit) -> None:
    page = visit()
    page.goto("door")
    page.click("button[value=me]")
    assert [one["name"] for one in page.context.cookies()] == ["visit"]
    page.check("input[value=adult]")
    for said in ("twice more", "once more"):
        page.keyboard.press("Shift")
        expect(page.locator("[data-away-said]")).to_contain_text(said)
    page.keyboard.press("Shift")
    expect(page.get_by_role("heading", name="Rice in a pot")).to_be_visible()
    assert page.context.cookies() == []
    assert page.title() == "Cooking rice"
    page.go_back()
    expect(page.locator("input[name=age]")).to_have_count(0)


def test_capital_letters_do_not_leave(visit: Visit) -> None:
    page = visit()
    page.goto("door/receipt")
    page.click("#receipt")
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    assert page.input_value("#receipt") == "ABCD"
