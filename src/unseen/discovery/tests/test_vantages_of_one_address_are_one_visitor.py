from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from unseen.discovery.looker import PACE, Looker, TooSoon
from unseen.fetch.answers import Fetched, Headers
from unseen.fetch.fetcher import Accept, Fetcher
from unseen.fetch.locations import Location, parse_location
from unseen.fetch.vantage import Vantage

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DESKTOP = Vantage("desktop", "KR", "127.9.0.2", None, "Mozilla/5.0")
TELEPHONE = Vantage("telephone", "KR", "127.9.0.2", None, "Mozilla/5.0 Mobile", resolver=("127.2.0.53", 53))
ABROAD = Vantage("abroad", "DE", None, "http://127.1.0.8:3128", "Mozilla/5.0")
PLACE = parse_location("http://site.test/p/1")


class Host:
    """Answers with the status it is set to, and counts."""

    def __init__(self) -> None:
        self.status = 200
        self.asked = 0

    def get(self, location: Location, vantage: Vantage, *, accept: Accept, only_at: object) -> Fetched:
        self.asked += 1
        return Fetched(location, self.status, (), Headers(retry_after="3600"), b"", 0.0)


def looker_at(host: Host) -> Looker:
    return Looker(cast("Fetcher", host), (DESKTOP, TELEPHONE, ABROAD))


def test_a_wish_to_wait_binds_every_vantage_of_the_address_and_no_other() -> None:
    host = Host()
    host.status = 429
    eyes = looker_at(host)
    eyes.get(PLACE, DESKTOP, "page", NOON)
    host.status = 200
    for looker in (eyes, looker_at(host)):  # also one that learns it from the database
        with pytest.raises(TooSoon) as too_soon:
            looker.get(PLACE, TELEPHONE, "page", NOON)
        assert too_soon.value.until == NOON + timedelta(hours=1)
        assert looker.get(PLACE, ABROAD, "page", NOON).status == 200
    assert host.asked == 3


def test_the_vantages_of_one_address_share_its_burst() -> None:
    host = Host()
    eyes = looker_at(host)
    for number in range(PACE.burst):
        eyes.get(PLACE, (DESKTOP, TELEPHONE)[number % 2], "page", NOON)
    for vantage in (DESKTOP, TELEPHONE):
        with pytest.raises(TooSoon):
            eyes.get(PLACE, vantage, "page", NOON)
    eyes.get(PLACE, ABROAD, "page", NOON)
