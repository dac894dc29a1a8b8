"""A reported page may hold several of her pictures: each becomes an item, and none hides behind the first."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from unseen.casework.models import Item
from unseen.domain.match import Match
from unseen.domain.recheck import Look, MediaSeen, PageSeen
from unseen.fetch.locations import parse_location
from unseen.fetch.vantage import Vantage
from unseen.takedown import due
from unseen.takedown.probes.look import Prober, Sighting, Sought
from unseen.takedown.tests.lives import a_case

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PAGE = "https://site.example/p/1"

pytestmark = pytest.mark.django_db


def test_the_second_picture_is_an_item_too() -> None:
    item = a_case(PAGE, at=NOW).items.get()
    reported = str(item.case.materials.get().reported_id)

    def look(self: Prober, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        for name, bits in (("a", 9), ("b", 4)):
            place = parse_location(f"https://site.example/m/{name}.jpg")
            self.sightings.append(Sighting(place, Match(reported, bits)))
        return Look(vantage.name, vantage.country, False, PageSeen.PRESENT, MediaSeen.MATCHING)

    vantages = [Vantage(name, country, None, None, "x") for name, country in (("one", "KR"), ("two", "DE"))]
    eyes = type("Eyes", (), {"vantages": vantages})()
    with patch.object(due, "looker", lambda: eyes), patch.object(Prober, "look", look):
        due._take_next_steps([item], NOW)
    places = {row.media_location: row for row in Item.objects.order_by("pk")}
    assert set(places) == {"https://site.example/m/a.jpg", "https://site.example/m/b.jpg"}
    assert places["https://site.example/m/b.jpg"].pk == item.pk, "the nearest is the reported item's own"
    assert all(row.location == PAGE and row.material is not None for row in places.values())
