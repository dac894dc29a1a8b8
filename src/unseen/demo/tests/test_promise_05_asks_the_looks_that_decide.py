"""What proves a removal to the judge: the last look before closing, and the last one that came to a conclusion."""

from datetime import datetime

import pytest

from unseen.casework.models import Item
from unseen.demo.judges.promise_05 import without_proof
from unseen.takedown import queries
from unseen.takedown.models import Finding, Recheck
from unseen.takedown.tests.lives import (
    GONE,
    HOUR,
    LOCATION,
    NOON,
    UNSEEN,
    a_case,
    look,
    removed_copy,
    small_directory,
)

pytestmark = pytest.mark.django_db
CLOSED, LATER = NOON + 10 * HOUR, NOON + 34 * HOUR


@pytest.fixture
def item(monkeypatch: pytest.MonkeyPatch) -> Item:
    """One that was removed."""
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)
    return removed_copy(LOCATION, a_case())


def one_vantage_at(item: Item, at: datetime) -> None:
    Finding.objects.filter(recheck__item=item, recheck__at=at).exclude(vantage="office").delete()


def test_two_looks_that_found_it_gone_prove_it(item: Item) -> None:
    assert item.outcome == "removed"
    assert without_proof() == []
    look(item, GONE, LATER)
    assert without_proof() == []


def test_a_later_look_that_ends_unknown_takes_nothing_back(item: Item) -> None:
    look(item, UNSEEN, LATER)
    assert Recheck.objects.latest("at").conclusion == "unknown"
    assert without_proof() == []


def test_a_later_look_with_one_vantage_is_a_fault(item: Item) -> None:
    look(item, GONE, LATER)
    one_vantage_at(item, LATER)
    assert without_proof() == [
        f"item {item.pk} is removed by the word of 1 vantages in 1 countries in the last look that is not unknown"
    ]


def test_a_later_proof_does_not_heal_the_look_at_closing(item: Item) -> None:
    look(item, GONE, LATER)
    one_vantage_at(item, CLOSED)
    assert without_proof() == [
        f"item {item.pk} is removed by the word of 1 vantages in 1 countries in the last look before closing"
    ]


def test_closing_on_a_look_that_ended_unknown_is_a_fault(item: Item) -> None:
    recheck = Recheck.objects.get(at=CLOSED)
    Finding.objects.filter(recheck=recheck).update(kind="unknown", is_proof=False)
    Recheck.objects.filter(pk=recheck.pk).update(conclusion="unknown")
    assert [fault for fault in without_proof() if fault.endswith("before closing")]


def test_vantages_of_one_country_are_a_fault(item: Item) -> None:
    Finding.objects.update(country="KR")
    assert len(without_proof()) == 2


def test_an_item_without_looks_is_a_fault(item: Item) -> None:
    Recheck.objects.all().delete()
    assert len(without_proof()) == 2
