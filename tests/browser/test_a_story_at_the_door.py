"""Somebody reports at the door, comes back, sees the truth, talks with the centre, withdraws, and nothing is left."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.at_the_door import Reporter
from tests.browser.centre_at_work import CentreAtWork, centre_at_work
from tests.browser.device_page import BUILT, MISSING
from tests.browser.firefox import FIREFOX, TOR, Tab, firefox
from tests.browser.hands import InChromium, InFirefox, text_of, texts_of
from unseen.domain.limits import DESTROY_WITHIN

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
ASKED = "Asked. It is not gone yet, and we keep looking."
HIDDEN = "It is hidden from some people, but not gone. We go on."
GONE = "Gone: we checked from 4 places. We keep looking, in case it comes back."
BACK = "It came back, and we asked again."
PERSON = "A person at the centre looks at this one before anything is sent."
NONE: Mapping[str, str] = {}
BLOCKED = "It is blocked in some countries, but not gone."
QUESTION, ANSWER = "Did canary-question-tq5 write to you?", "Yes, canary-answer-hx8 did.\nWhat can I do?"
CANARIES = [b"canary-question-tq5", b"canary-answer-hx8"]


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreAtWork]:
    if not (BUILT / "door.js").exists():
        pytest.fail(MISSING)
    with centre_at_work(tmp_path / "world") as centre:
        yield centre


@pytest.fixture
def tor(tmp_path: Path) -> Iterator[Tab]:
    if FIREFOX is None:
        pytest.fail("no Firefox: apt-get install firefox-esr")
    profile = tmp_path / "profile"
    profile.mkdir()
    with firefox(profile, TOR) as tab:
        yield tab


def test_in_chromium(centre: CentreAtWork, chromium: Browser) -> None:
    context = chromium.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    ana = Reporter(InChromium(context.new_page()), centre)
    said = ana.makes_fingerprints_of("photo-1", "photo-3", "video-1")
    assert said == "3 fingerprints are ready. Your pictures and videos stay on this device."
    assert ana.made == ["image", "image", "video"]
    _the_story(ana, centre)
    context.close()
    here = centre.door.removesuffix("en/door")
    assert [address for address in asked if not address.startswith((here, f"blob:{here}"))] == []


def test_in_firefox_with_tors_setting(centre: CentreAtWork, tor: Tab) -> None:
    """Its canvas lies, so the film gets no fingerprint, and the page says so; its place is kept for a person to judge."""
    ana = Reporter(InFirefox(tor), centre)
    said = ana.makes_fingerprints_of("photo-1", "photo-3", "video-1")
    assert "2 fingerprints are ready" in said
    assert "cannot read file 3 reliably, so we made no fingerprint of it" in said
    assert "You can still report the places where you saw it." in said
    assert ana.made == ["image", "image"]
    _the_story(ana, centre, unmatched={"redirector": PERSON})


def _the_story(ana: Reporter, centre: CentreAtWork, unmatched: Mapping[str, str] = NONE) -> None:
    ana.names(PLACES)
    assert _true(ana, centre) == dict.fromkeys(PLACES, "We have it. Work begins within minutes.")
    centre.hours_pass(0.1)
    assert _true(ana, centre) == {**dict.fromkeys(PLACES, ASKED), **unmatched}

    centre.hours_pass(37)
    gone = dict.fromkeys(("prompt", "reuploader", "redirector", "ratelimiter"), GONE)
    assert _true(ana, centre) == {**dict.fromkeys(PLACES, ASKED), **gone, "cloaker": HIDDEN, **unmatched}

    _they_write_to_each_other(ana, centre)

    again = centre.copy("reuploader", "photo-3")
    assert not centre.is_served(again)
    centre.hours_pass(20 * 24, until=lambda: centre.notices_about(again, to="reuploader") == 2)
    assert centre.is_served(again)
    ended = {**dict.fromkeys(PLACES, GONE), "reuploader": BACK, "refuser": BLOCKED, **unmatched}
    assert _true(ana, centre) == ended
    centre.hours_pass(36)
    assert _true(ana, centre) == {**ended, "reuploader": GONE}

    _she_withdraws_and_nothing_is_left(ana, centre)


def _true(ana: Reporter, centre: CentreAtWork) -> dict[str, str]:
    """What the page says of each place; nothing that anybody can still get is called gone, and nothing else is not."""
    said = ana.sees()
    served = {name for name, material in PLACES.items() if centre.is_served(centre.copy(name, material))}
    assert {name for name, words in said.items() if words == GONE} == PLACES.keys() - served
    return said


def _they_write_to_each_other(ana: Reporter, centre: CentreAtWork) -> None:
    assert ana.reads() == []
    centre.writes(ana.receipt, QUESTION)
    assert ana.reads() == [QUESTION]
    assert ana.answers(ANSWER) == "Your message is with the centre."
    assert ana.reads() == [QUESTION, ANSWER]


def _she_withdraws_and_nothing_is_left(ana: Reporter, centre: CentreAtWork) -> None:
    copies = [centre.copy(platform, material) for platform, material in PLACES.items()]
    places = [urlsplit(url).path.encode() for copy in copies for url in (copy.page_url, copy.media_url)]
    assert centre.has_sent(places), "what the search is to find can be found where it was sent"
    assert centre.has(ana.fingerprints), "fingerprints stand in the bank while the case lives"
    (key,) = centre.case_keys()
    assert centre.has([key]), "what the case is sealed with stands in the database while it lives"

    ana.withdraws()
    asked = len(centre.world.internet.truth.requests())
    centre.hours_pass(DESTROY_WITHIN / timedelta(hours=1) + 2)

    assert centre.has([*places, *CANARIES, *ana.fingerprints, key]) == set()
    assert centre.case_keys() == []
    assert len(centre.world.internet.truth.requests()) == asked, "nobody looks any more"
    ana.comes_back()
    assert text_of(ana.hands, "h1") == "Stopped"
    assert "What you told us is destroyed." in text_of(ana.hands, "main")
    assert texts_of(ana.hands, "ul.places li, ol.talk li") == []
