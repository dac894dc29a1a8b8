"""Decision 0033: the hour of a deciding look is drawn from what only the centre knows."""

from datetime import timedelta

import pytest
from django.test import override_settings

from unseen.casework.models import Item
from unseen.takedown import queries
from unseen.takedown.tests.lives import NOON


def drawn(number: int, hours: int = 0) -> float:
    return queries._luck(Item(pk=number, last_recheck_at=NOON + timedelta(hours=hours)))


def test_every_item_and_every_look_has_its_own_hour() -> None:
    lucks = {drawn(number, hours) for number in range(50) for hours in range(4)}
    assert len(lucks) == 200
    assert 0 <= min(lucks) < 0.1
    assert 0.9 < max(lucks) < 1


def test_it_is_the_same_at_each_reading() -> None:
    assert drawn(7) == drawn(7)


@pytest.mark.parametrize("number", range(5))
def test_who_lacks_the_key_cannot_tell_it(number: int) -> None:
    before = drawn(number)
    with override_settings(SECRET_KEY="another key"):
        assert drawn(number) != before
