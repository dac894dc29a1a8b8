"""The first page on a slow phone, in the system's Chromium: what it weighs on the wire and when it can be used."""

from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.door.server import running
from tests.browser.chromium import launch
from tests.browser.door.wire import SLOW_4G, SLOW_4G_APPLIED, loaded

_PROFILES = {"as it is": None, "slow 4G": SLOW_4G, "slow 4G as Lighthouse applies it": SLOW_4G_APPLIED}


def measure(rounds: int) -> dict[str, Any]:
    """Medians of so many visits, each in a browser that has never seen the page. The first visit warms the server."""
    with running() as (port, _), sync_playwright() as playwright:
        browser = launch(playwright)
        address = f"http://127.0.0.1:{port}/ko/door"
        sizes = loaded(browser, address).sizes_bytes
        times: dict[str, dict[str, int]] = {}
        for name, slowed in _PROFILES.items():
            visits = [loaded(browser, address, slowed).times_ms for _ in range(rounds)]
            times[name] = {moment: round(median(visit[moment] for visit in visits)) for moment in visits[0]}
        version = browser.version
        browser.close()
    return {
        "browser": version,
        "rounds": rounds,
        "sizes_bytes": dict(sizes),
        "weight_bytes": sum(sizes.values()),
        "times_ms": times,
    }
