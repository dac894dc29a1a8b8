from typing import cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from unseen.casework.models import Answer, Item
from unseen.keys import actions, queries
from unseen.keys.box import EMPTY, Damaged, Sealed
from unseen.keys.ring import RING
from unseen.takedown.models import Place
from unseen.takedown.queries import places_by_item
from unseen.takedown.tests.lives import NOON
from unseen.takedown.tests.outside import a_reported_item

pytestmark = pytest.mark.django_db
PLACE = "http://prompt.test/p/1"


def test_a_row_reads_in_clear_and_its_table_does_not() -> None:
    item = Item.objects.get(pk=a_reported_item(PLACE).pk)
    assert (item.location, item.media_location) == (PLACE, "")
    stored = cast("bytes", Item.objects.values_list("location", flat=True).get())
    assert PLACE.encode() not in stored


def test_what_nobody_reads_is_not_opened_and_goes_back_as_it_came() -> None:
    item = Item.objects.get(pk=a_reported_item(PLACE).pk)
    before = Item.objects.values_list("location", flat=True).get()
    actions.destroy(item.case.report_id)
    item.save(update_fields=["location", "due_at"])
    assert Item.objects.values_list("location", flat=True).get() == before


def test_a_new_value_is_sealed_when_the_row_is_stored() -> None:
    item = Item.objects.get(pk=a_reported_item(PLACE).pk)
    item.media_location = f"{PLACE}.jpg"
    item.save()
    assert item.media_location == f"{PLACE}.jpg"
    assert Item.objects.get().media_location == f"{PLACE}.jpg"


def test_nothing_is_stored_in_clear_nor_looked_up_by_its_value() -> None:
    a_reported_item(PLACE)
    with pytest.raises(TypeError, match=r"casework_item\.location is sealed"):
        Item.objects.update(location=PLACE)
    with pytest.raises(TypeError, match="find it by its mark"):
        Item.objects.filter(location=PLACE).exists()


def test_a_value_that_was_moved_to_another_row_of_another_case_is_noticed() -> None:
    first, second = a_reported_item(f"{PLACE}1"), a_reported_item(f"{PLACE}2")
    stolen = Item.objects.values_list("location", flat=True).get(pk=first.pk)
    Item.objects.filter(pk=second.pk).update(location=stolen)
    with pytest.raises(Damaged, match="moved here from another report's row"):
        _ = Item.objects.get(pk=second.pk).location
    Item.objects.filter(pk=first.pk).update(media_location=stolen)
    with pytest.raises(Damaged, match="does not open"):
        _ = Item.objects.get(pk=first.pk).media_location


def test_an_erased_value_is_empty_and_needs_no_key() -> None:
    item = a_reported_item(PLACE)
    Item.objects.update(location=EMPTY)
    actions.destroy(item.case.report_id)
    assert Item.objects.get().location == ""


def test_an_empty_value_asks_for_no_row_and_no_key() -> None:
    nobodys = Answer()
    with CaptureQueriesContext(connection) as asked:
        assert Answer._meta.get_field("confirmation").pre_save(nobodys, add=True) == EMPTY
    assert (len(asked), nobodys.confirmation) == (0, "")


def test_the_places_of_an_item_ask_only_for_themselves() -> None:
    a_reported_item(PLACE)
    item = Item.objects.select_related("case").get()
    for number in range(3):
        place = f"{PLACE}/{number}.jpg"
        Place.objects.create(item=item, location=place, mark=str(number), seen_at=NOON)
    with CaptureQueriesContext(connection) as asked:
        found = places_by_item([item])
    assert found == {item.pk: [f"{PLACE}/{number}.jpg" for number in range(3)]}
    assert len(asked) == 1
    assert "JOIN" not in asked[0]["sql"]


def test_a_value_that_is_cut_short_stops_no_other_row() -> None:
    whole, cut = a_reported_item(f"{PLACE}/1"), a_reported_item(f"{PLACE}/2")
    Item.objects.filter(pk=cut.pk).update(location=Sealed(b"\x01cut"))
    rows = {row.pk: row for row in Item.objects.select_related("case")}
    queries.warm(rows.values())
    assert rows[whole.pk].location == f"{PLACE}/1"
    with pytest.raises(Damaged, match="cut short"):
        _ = rows[cut.pk].location


def test_the_keys_of_many_rows_are_asked_for_together() -> None:
    for number in range(5):
        a_reported_item(f"{PLACE}{number}")
    rows = list(Item.objects.select_related("case"))
    for row in rows:
        RING.drop(queries.key_of(row.case.report_id).owner)
    with CaptureQueriesContext(connection) as asked:
        queries.warm(rows)
        assert {row.location for row in rows} == {f"{PLACE}{number}" for number in range(5)}
    assert len(asked) == 1
