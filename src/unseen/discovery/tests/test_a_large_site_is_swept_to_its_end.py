from datetime import UTC, datetime, timedelta

import pytest

from unseen.discovery import due
from unseen.discovery.looker import PACE, Looker, TooSoon
from unseen.discovery.models import StartPage
from unseen.domain.match import Match
from unseen.fetch.answers import Fetched, Headers
from unseen.fetch.fetcher import Accept
from unseen.fetch.locations import Location, parse_location
from unseen.fetch.vantage import Vantage

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAGES = 150  # with a picture on each, more than two bursts
VANTAGES = (Vantage("berlin", "DE", "127.9.0.3", None, "Mozilla/5.0"),)


class Site:
    """Its home page names all its pages; each shows one picture."""

    ports = frozenset({80})

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, location: Location, vantage: Vantage, *, accept: Accept, only_at: object) -> Fetched:
        self.asked.append(location.path)
        names = "".join(f'<a href="/p/{number}">p</a>' for number in range(PAGES))
        if accept == "media":
            return Fetched(location, 200, (), Headers(content_type="image/jpeg"), b"a picture", 0.0)
        shown = names if location.path == "/" else f'<img src="{location.path}.jpg">'
        body = f"<html><body>{shown}</body></html>".encode()
        return Fetched(location, 200, (), Headers(content_type="text/html"), body, 0.0)


class Blind:
    """Knows no picture."""

    def matches(self, body: bytes) -> tuple[Match, ...]:
        return ()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    site = Site()
    eyes = Looker(site, VANTAGES)  # type: ignore[arg-type] # what a looker needs of a fetcher
    monkeypatch.setattr(due, "looker", lambda: eyes)
    monkeypatch.setattr(due, "recogniser", Blind)
    return site


def test_a_site_larger_than_a_burst_is_read_to_its_end(site: Site) -> None:
    """Whoever comes back as soon as one request is allowed reads the first page again, and nothing else, for ever."""
    now = NOON
    page = StartPage.objects.create(location="http://large.test/", due_at=now)
    for _ in range(10):
        due.do_due(now, "w")
        page.refresh_from_db()
        assert page.due_at is not None
        if page.due_at > now + timedelta(hours=1):
            break
        now = page.due_at
    assert {path for path in site.asked if path.endswith(".jpg")} == {f"/p/{n}.jpg" for n in range(PAGES)}
    passed_s = (now - NOON).total_seconds()
    assert len(site.asked) <= PACE.burst + passed_s * PACE.per_second


def test_a_look_that_our_pace_stops_comes_back_later_and_not_at_the_same_instant() -> None:
    """(1 - tokens) / pace may be less than a microsecond: the worker once went round and round at one instant."""
    eyes, now = Looker(Site(), VANTAGES), NOON  # type: ignore[arg-type]
    place = parse_location("http://large.test/")
    for microseconds in (66_883, 107_408, 33_333, 858_700):
        now += timedelta(microseconds=microseconds)
        with pytest.raises(TooSoon) as stopped:
            _ask_for_ever(eyes, place, now)
        assert stopped.value.until - now > timedelta(seconds=1)
        assert not stopped.value.by_host
        now = stopped.value.until


def _ask_for_ever(eyes: Looker, place: Location, now: datetime) -> None:
    while True:
        eyes.get(place, VANTAGES[0], "page", now)
