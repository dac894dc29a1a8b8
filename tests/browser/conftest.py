"""One Chromium for the session, its way through a form that fingerprints, and the emptying of a served database."""

import json
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.plugin import blocking_manager_key

from tests.browser.chromium import launch
from tests.browser.device_page import BUILT, MISSING, Wire, served
from unseen.journal.append_only import only_grows

ANSWER_WITHIN_MS = 120_000
# Playwright's loop runs in this thread, and the tests prepare rows in it: Django must not take that for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
Fingerprint = Callable[..., tuple[list[dict[str, Any]], str]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """A served test is emptied by DELETE on SQLite, which the tables that only grow refuse: they are let go meanwhile."""
    unblocked = item.config.stash[blocking_manager_key].unblock
    served = "live_server" in getattr(item, "fixturenames", ()) and connection.vendor == "sqlite"
    with unblocked() if served else nullcontext():
        if served:
            _for_each_that_grows("reverse_code")
        try:
            yield
        finally:
            if served and nextitem is not None:  # after the last test the database itself is gone
                _for_each_that_grows("code")


def _for_each_that_grows(way: str) -> None:
    with connection.schema_editor() as editor:
        for table in ("journal_entry", "evidence_exhibit"):
            getattr(only_grows(table), way)(apps, editor)


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
