"""The table of what an answer of the web means, page and media, one row each."""

import pytest

from unseen.domain.recheck import MediaSeen, PageSeen
from unseen.fetch.answers import FailureCode, Fetched, FetchFailure, Headers
from unseen.fetch.locations import Location, parse_location
from unseen.fetch.page import Page, read_page
from unseen.takedown.probes.seeing import STRENGTH, media_seen_without_content, page_seen, together

ASKED = parse_location("http://site.test/p/1")
HOME = parse_location("http://site.test/")
OTHER = parse_location("http://site.test/p/2")
ABROAD = parse_location("http://other.test/")
LOGIN = b"<title>Log in</title><form><input type=password></form>"
REMOVED = b"<title>Sorry</title><p>This post has been removed.</p>"
POST = b"<title>afternoon</title><img src=/m/1.jpg>"
FAILURE = FetchFailure(FailureCode.TIMEOUT, "the host did not answer in time", ASKED, (), None, sent=True)


def answer(
    status: int, body: bytes = POST, at: Location = ASKED, kind: str | None = "text/html; charset=utf-8"
) -> Fetched:
    return Fetched(at, status, (), Headers(content_type=kind), body, 0.1)


def read(one: Fetched | FetchFailure) -> Page | None:
    return read_page(one.body, one.headers.content_type, one.location) if isinstance(one, Fetched) else None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(200), PageSeen.PRESENT),
        (answer(206), PageSeen.PRESENT),
        (answer(200, REMOVED), PageSeen.SAYS_REMOVED),
        (answer(200, LOGIN), PageSeen.LOGIN_WALL),
        (answer(200, POST, HOME), PageSeen.HOME),
        (answer(200, POST, OTHER), PageSeen.ELSEWHERE),
        (answer(200, POST, ABROAD), PageSeen.ELSEWHERE),
        (answer(200, LOGIN, OTHER), PageSeen.LOGIN_WALL),  # redirected to the log-in
        (answer(404), PageSeen.MISSING),
        (answer(410), PageSeen.MISSING),
        (answer(404, LOGIN), PageSeen.MISSING),
        (answer(401), PageSeen.LOGIN_WALL),
        (answer(407), PageSeen.LOGIN_WALL),
        (answer(451), PageSeen.BLOCKED),
        (answer(400), PageSeen.TURNED_AWAY),
        (answer(403), PageSeen.TURNED_AWAY),
        (answer(429), PageSeen.TURNED_AWAY),
        (answer(503), PageSeen.TURNED_AWAY),
        (answer(500), PageSeen.FAILED),
        (answer(502), PageSeen.FAILED),
        (FAILURE, PageSeen.FAILED),
    ],
)
def test_what_a_page_answered(given: Fetched | FetchFailure, expected: PageSeen) -> None:
    assert page_seen(ASKED, given, read(given)) is expected


def test_a_home_page_that_was_reported_itself_is_no_redirect_home() -> None:
    given = answer(200, POST, HOME)
    assert page_seen(HOME, given, read(given)) is PageSeen.PRESENT


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(200, b"\xff\xd8", kind="image/jpeg"), None),  # its bytes decide
        (answer(200, b"\x00", kind="video/mp4"), None),
        (answer(200, b"\x00", kind="application/octet-stream"), None),
        (answer(200, b"\x00", kind=None), None),
        (answer(200, REMOVED), MediaSeen.MISSING),  # a page stands where the picture was
        (answer(200, POST, HOME), MediaSeen.MISSING),
        (answer(200, LOGIN), MediaSeen.LOGIN_WALL),
        (answer(404, b"", kind="text/plain"), MediaSeen.MISSING),
        (answer(410, b""), MediaSeen.MISSING),
        (answer(401, LOGIN), MediaSeen.LOGIN_WALL),
        (answer(451), MediaSeen.BLOCKED),
        (answer(403), MediaSeen.UNKNOWN),
        (answer(429), MediaSeen.UNKNOWN),
        (answer(500), MediaSeen.UNKNOWN),
        (answer(503), MediaSeen.UNKNOWN),
        (answer(404, b"\xff\xd8", kind="image/jpeg"), MediaSeen.MISSING),
        (FAILURE, MediaSeen.UNKNOWN),
    ],
)
def test_what_a_media_location_answered(given: Fetched | FetchFailure, expected: MediaSeen | None) -> None:
    assert media_seen_without_content(given, read(given)) is expected


def test_the_strongest_sight_of_several_media_wins() -> None:
    for place, strong in enumerate(STRENGTH):
        for weak in STRENGTH[place:]:
            assert together([weak, strong, weak]) is strong
    assert set(STRENGTH) == set(MediaSeen)


def test_a_page_without_media_shows_none() -> None:
    assert together([]) is MediaSeen.MISSING
