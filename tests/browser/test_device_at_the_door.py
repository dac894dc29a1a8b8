"""The door's own page fulfils the contract of `browser/`: its policies let the worker run, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.device_files import PHOTOS, VIDEOS
from tests.browser.device_page import BUILT, MISSING
from tests.browser.door.wire import served
from unseen.fingerprint import fingerprint_image

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def door() -> Iterator[str]:
    """The whole application without its database: nothing is stored before the last page."""
    if not (BUILT / "door.js").exists():
        pytest.fail(MISSING)
    with served() as address:
        yield address


@pytest.mark.parametrize(("language", "ready"), [("en", "2 fingerprints are ready"), ("ko", "지문 2개")])
def test_the_doors_page_makes_fingerprints(chromium: Browser, door: str, language: str, ready: str) -> None:
    page = chromium.new_context().new_page()
    page.goto(f"{door}/{language}/door")
    page.click("button[value=me]")
    page.check("input[name=age][value=adult]")
    page.click("button[value=next]")
    page.set_input_files("form[data-fingerprint] input[data-files]", [PHOTOS[0], VIDEOS[0]])
    page.wait_for_selector("form[aria-busy=false]", timeout=60_000)
    assert ready in page.inner_text("output")
    assert fingerprint_image(PHOTOS[0]).pdq in page.input_value("input[name=materials]")
    assert not page.is_visible("button[data-cancel]")
    page.click("button[value=next]")
    assert page.locator("form[data-fingerprint]").count() == 0  # the answer was taken
    page.context.close()
