"""The first page is one answer of less than 60 KB with its style and script inside, and both work under its policy."""

import pytest
from playwright.sync_api import Browser

from tests.browser.door.wire import loaded, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WEIGHT_BYTES_MAX = 60_000


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_first_page_is_light(chromium: Browser, language: str) -> None:
    with served() as address:
        first = loaded(chromium, f"{address}/{language}/door")
    names = {path.rsplit("/", 1)[-1] for path in first.sizes_bytes}
    assert names <= {"door", "icon.svg"}
    assert min(first.sizes_bytes.values()) > 0
    assert sum(first.sizes_bytes.values()) < WEIGHT_BYTES_MAX, first.sizes_bytes


def test_style_and_script_inside_the_page_work(chromium: Browser) -> None:
    with served() as address:
        page = chromium.new_page()
        refused: list[str] = []
        page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
        page.goto(f"{address}/en/door")
        assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
        for _ in range(3):
            page.keyboard.press("Shift")
        page.wait_for_url("**/door/away")
        page.close()
    assert not refused
