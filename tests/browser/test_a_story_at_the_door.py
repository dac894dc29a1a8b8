"""Somebody reports at the door, comes back, sees the truth, talks with the centre, withdraws, and nothing is left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.at_the_door import Reporter
from tests.browser.centre_at_work import CentreAtWork, centre_at_work
from tests.browser.device_page import BUILT, MISSING
from tests.browser.firefox import FIREFOX, TOR, firefox
from tests.browser.hands import InChromium, InFirefox

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACES = {
    "prompt": "photo-1",
    "slow": "photo-1",
    "reuploader": "photo-3",
    "redirector": "video-1",
    "ratelimiter": "photo-3",
    "cloaker": "photo-3",
    "refuser": "photo-3",
}


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreAtWork]:
    if not (BUILT / "door.js").exists():
        pytest.fail(MISSING)
    with centre_at_work(tmp_path / "world") as centre:
        yield centre


def test_in_chromium(centre: CentreAtWork, chromium: Browser) -> None:
    context = chromium.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    ana = Reporter(InChromium(context.new_page()), centre)
    ana.makes_fingerprints_of("photo-1", "photo-3", "video-1")
    _the_story(ana, centre)
    context.close()


def _the_story(ana: Reporter, centre: CentreAtWork) -> None:
    ana.names(PLACES)
    for hours in (0.01, 1, 12, 24, 24):
        centre.hours_pass(hours)
        print(hours, ana.sees())
    copy = centre.copy("reuploader", "photo-3")
    centre.hours_pass(30*24, until=lambda: centre.notices_about(copy, "reuploader") == 2)
    print(centre.world.now(), ana.sees())
