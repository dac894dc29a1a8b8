"""The door, served on this machine, and a phone that visits it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from unseen.door.tests.conftest import full_budgets, made_up_directory

__all__ = ["full_budgets", "made_up_directory"]
PHONE = {"width": 390, "height": 844}
Visit = Callable[..., Page]


@pytest.fixture
def visit(transactional_db: None, chromium: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """An empty page of a new browser, whose base address is the door in a language."""
    opened: list[BrowserContext] = []

    def new_page(language: str = "en", **options: Any) -> Page:
        # A name and no number: a browser trusts this machine as it trusts TLS only by its name.
        base = f"{live_server.url.replace('127.0.0.1', 'localhost')}/{language}/"
        context = chromium.new_context(base_url=base, locale=language, viewport=PHONE, **options)  # type: ignore[arg-type]
        opened.append(context)
        return context.new_page()

    yield new_page
    for context in opened:
        context.close()
