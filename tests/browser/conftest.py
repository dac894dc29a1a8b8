"""One Chromium for the session, and its way through a form that fingerprints."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.desk.chromium import launch
from tests.browser.device_page import BUILT, MISSING, Wire, served

ANSWER_WITHIN_MS = 120_000
Fingerprint = Callable[..., tuple[list[dict[str, Any]], str]]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests in browsers: Playwright runs once in a thread."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    with served() as wire:
        yield wire


@pytest.fixture
def page(chromium: Browser, wire: Wire) -> Iterator[Page]:
    """The test page, with the server as the proxy of everything that the browser asks for."""
    if not (BUILT / "door.js").exists():
        pytest.fail(MISSING)
    context = chromium.new_context(proxy={"server": wire.address, "bypass": "<-loopback>"})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(wire.address)
    yield page
    context.close()
    assert troubles == []


@pytest.fixture
def fingerprinted(page: Page) -> Fingerprint:
    """Chooses files; answers with the materials that would be posted and with what the page says."""

    def choose(*files: Path) -> tuple[list[dict[str, Any]], str]:
        page.set_input_files("input[data-files]", list(files))
        page.wait_for_selector("form[aria-busy=false]", timeout=ANSWER_WITHIN_MS)
        text = page.input_value("input[name=materials]")
        return json.loads(text or "[]"), page.inner_text("output")

    return choose
