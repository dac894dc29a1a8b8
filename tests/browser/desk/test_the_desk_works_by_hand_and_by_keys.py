"""A person's day in the browser: keys, bulk answers, undo, live numbers, a look, a passkey."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk.conftest import LogIn
from unseen.accounts.codes import STEP_S, code_now
from unseen.accounts.models import Role, Staff
from unseen.casework.models import Answer, Item, LookTaken
from unseen.clock import now
from unseen.domain.limits import UNDO_FOR
from unseen.takedown import answering

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_keys_answer_and_undo_takes_it_back(life: Item, log_in: LogIn) -> None:
    page = log_in()
    page.goto("/today")
    questions = page.locator("[data-row]").count()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-row] input:checked")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".undo")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(questions - 1)
    page.locator(".undo button").click()
    expect(page.locator("[data-row]")).to_have_count(questions)
    assert Answer.objects.get().taken_back_at is not None


def test_one_click_answers_all_of_one_site(life: Item, log_in: LogIn) -> None:
    page = log_in(Role.CASEWORKER)
    page.goto("/today")
    page.locator(".chips a", has_text="unknown.test").click()
    page.check("#all")
    page.get_by_role("button", name="It is out of scope").click()
    assert Answer.objects.filter(item__host="unknown.test", kind="out_of_scope").count() == 2
    answering.do_due(now() + UNDO_FOR, "w")
    assert not Item.objects.filter(host="unknown.test").exclude(outcome="out_of_scope").exists()


def test_everything_works_without_scripts(life: Item, log_in: LogIn) -> None:
    page = log_in(java_script_enabled=False)
    page.goto("/today")
    page.locator("[data-row] input").first.check()
    page.get_by_role("button", name="Give the default answer").click()
    page.locator(".undo button").click()
    assert Answer.objects.get().taken_back_at is not None


def test_the_numbers_follow_without_a_reload(life: Item, log_in: LogIn) -> None:
    page = log_in()
    page.goto("/today")
    before = page.locator("[data-live]").inner_text()
    Item.objects.filter(host="unknown.test").update(question="")
    expect(page.locator("[data-live]")).not_to_have_text(before, timeout=8_000)


def test_a_location_is_shown_once_as_text_and_noted(life: Item, log_in: LogIn) -> None:
    page = log_in(Role.CASEWORKER)
    page.goto(f"/items/{life.pk}")
    assert life.location not in page.content()
    page.get_by_text("Show the full location").click()
    page.select_option("#reason", "right_place")
    page.get_by_role("button", name="Show it").click()
    assert page.locator("textarea").first.input_value() == life.location
    assert page.locator(f"a[href='{life.location}']").count() == 0
    assert LookTaken.objects.get().reason == "right_place"


def test_no_page_asks_for_anything_from_elsewhere(life: Item, log_in: LogIn) -> None:
    page = log_in()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console",
        lambda message: asked.append(f"trouble {message.text}") if message.type == "error" else None,
    )
    for path in (
        "/today",
        "/items",
        f"/items/{life.pk}",
        f"/cases/{life.case.reference}",
        "/numbers",
        "/account",
    ):
        page.goto(path)
        assert page.locator("img, picture, video, audio, iframe, embed, object").count() == 0
    assert asked
    assert all(url.startswith("http://localhost:") for url in asked), asked


def _virtual_key(page: Page) -> None:
    """A security key that Chromium makes up, with its owner always present (WebDriver's virtual authenticator)."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )


def test_a_passkey_is_added_and_opens_the_desk(life: Item, log_in: LogIn) -> None:
    page = log_in()
    _virtual_key(page)
    page.goto("/account")
    staff = Staff.objects.get()
    # The code of the log-in is used up; the next one counts already (a clock may be one step off).
    page.fill(
        "#code", code_now(staff.code_seed, now().fromtimestamp(now().timestamp() + STEP_S, now().tzinfo))
    )
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is stored.")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    Staff.objects.update(is_active=False)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("does not open the desk")).to_be_visible()
