"""A desk with something on every page, served on this machine, and a Chromium that looks at it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from unseen.accounts.actions import add_staff
from unseen.accounts.codes import code_now
from unseen.accounts.models import Role, Staff
from unseen.casework.models import Item
from unseen.clock import now
from unseen.takedown import queries
from unseen.takedown.tests.lives import (
    GONE,
    HOUR,
    LOCATION,
    NOON,
    UP,
    a_case,
    found_copy,
    look,
    removed_copy,
    small_directory,
    step,
)

PASSWORD = "a long and boring sentence"
LogIn = Callable[..., Page]


@pytest.fixture
def life(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Item:
    """Two cases: one with a removal, a form to fill in and questions, one of somebody else; returns the removed item."""
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)
    case = a_case("http://unknown.test/x", "http://unknown.test/y")
    removed = removed_copy(LOCATION, case)
    step(step(found_copy(case, "http://formy.test/p/1"), NOON), NOON)
    for item in case.items.filter(host="unknown.test"):
        step(look(item, GONE, NOON + HOUR), NOON + HOUR)
    look(removed, UP, NOON + 12 * HOUR)
    return removed


@pytest.fixture
def log_in(chromium: Browser, live_server: LiveServer) -> Iterator[LogIn]:
    """A page in which a new person of a role has logged in as everybody does, with a password and a code."""
    opened: list[BrowserContext] = []

    def new_page(role: Role = Role.REVIEWER, **options: Any) -> Page:
        name = f"{role}-{len(opened)}"
        staff: Staff = add_staff(name, PASSWORD, now(), role)
        context = chromium.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"), **options)
        opened.append(context)
        page = context.new_page()
        page.goto("/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.fill("#id_code", code_now(staff.code_seed, now()))
        page.click("form:not([data-passkey]) button")
        page.wait_for_url(lambda url: "/log-in" not in url)
        return page

    yield new_page
    for context in opened:
        context.close()
