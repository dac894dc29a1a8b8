"""The first page with all its files weighs less than 60 KB on the wire, and what a picture needs comes only when it is asked for."""

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
    assert names >= {"door", "door.css", "away.js"}
    assert min(first.sizes_bytes.values()) > 0
    assert sum(first.sizes_bytes.values()) < WEIGHT_BYTES_MAX, first.sizes_bytes
