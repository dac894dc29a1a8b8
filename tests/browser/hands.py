"""A reporter's hands on a browser: the same few movements in Chromium and in Firefox."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page

from tests.browser.firefox import BidiError, Tab

NEXT_PAGE_WITHIN_S, FINGERPRINTS_WITHIN_S = 30.0, 120.0


class Hands(Protocol):
    """What a browser must be able to do for the story."""

    def open(self, address: str) -> None:
        """Go to a page."""

    def press(self, selector: str) -> None:
        """Click what has no next page: a choice, a box."""

    def go(self, selector: str) -> None:
        """Click a button and wait for the page that it leads to."""

    def write(self, selector: str, text: str) -> None:
        """Paste into a field."""

    def choose(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files of the device."""

    def evaluate(self, expression: str) -> Any:
        """What JavaScript answers with: text."""


class InChromium:
    """Playwright's own movements."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, address: str) -> None:
        self._page.goto(address)

    def press(self, selector: str) -> None:
        self._page.click(selector)

    def go(self, selector: str) -> None:
        with self._page.expect_navigation(timeout=NEXT_PAGE_WITHIN_S * 1_000):
            self._page.click(selector)

    def write(self, selector: str, text: str) -> None:
        self._page.fill(selector, text)

    def choose(self, selector: str, files: Sequence[Path]) -> None:
        self._page.set_input_files(selector, list(files))

    def evaluate(self, expression: str) -> Any:
        return self._page.evaluate(expression)


class InFirefox:
    """The pointer of WebDriver BiDi; what is pasted is put into its field."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    def open(self, address: str) -> None:
        self._tab.go(address)

    def press(self, selector: str) -> None:
        self._tab.press(selector)

    def go(self, selector: str) -> None:
        self.evaluate("document.documentElement.dataset.left = 'yes'")
        self._tab.press(selector)
        until = time.monotonic() + NEXT_PAGE_WITHIN_S
        while not self._has_arrived():
            assert time.monotonic() < until, f"no page came after {selector}"
            time.sleep(0.05)

    def write(self, selector: str, text: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(text)}")

    def choose(self, selector: str, files: Sequence[Path]) -> None:
        self._tab.choose(selector, files)

    def evaluate(self, expression: str) -> Any:
        return self._tab.evaluate(expression)

    def _has_arrived(self) -> bool:
        arrived = "document.readyState === 'complete' && !document.documentElement.dataset.left ? 'yes' : ''"
        try:
            return bool(self.evaluate(arrived))
        except BidiError:  # between two pages there is nothing to ask
            return False


def text_of(hands: Hands, selector: str) -> str:
    """The visible text of the first such element."""
    return str(hands.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))


def texts_of(hands: Hands, selector: str) -> list[str]:
    """The visible texts of all such elements."""
    collected = f"[...document.querySelectorAll({json.dumps(selector)})].map(one => one.innerText)"
    found: list[str] = json.loads(hands.evaluate(f"JSON.stringify({collected})"))
    return found


def fingerprinted(hands: Hands, files: Sequence[Path]) -> list[dict[str, Any]]:
    """Choose files on the door's page; the materials that it would send."""
    hands.choose("form[data-fingerprint] input[data-files]", files)
    until = time.monotonic() + FINGERPRINTS_WITHIN_S
    while hands.evaluate("document.querySelector('form[data-fingerprint]').ariaBusy || ''") != "false":
        assert time.monotonic() < until, "the page did not finish its fingerprints"
        time.sleep(0.1)
    made: list[dict[str, Any]] = json.loads(
        hands.evaluate("document.querySelector('input[name=materials]').value") or "[]"
    )
    return made
