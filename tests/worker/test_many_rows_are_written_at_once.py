"""`unseen.bulk` writes what the ORM would have written, on both databases."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from unseen import bulk
from unseen.casework.models import Item
from unseen.domain.recheck import FindingKind
from unseen.journal.models import Entry
from unseen.takedown.models import Finding, Recheck
from unseen.takedown.tests.lives import NOON, a_case, found_copy

pytestmark = pytest.mark.django_db
ODD = "tab\t line\n back\\slash \\N 'quote' \"double\" 한국어 %s \N{GRINNING FACE}"
NAMES = ("at", "tag", "subject_kind", "subject_id", "data", "previous", "digest")


def a_recheck(location: str = "http://prompt.test/p/1") -> Recheck:
    item = found_copy(a_case(), location)
    return Recheck.objects.create(item=item, at=NOON, round=1, rule="routine look", conclusion="gone")


def test_values_of_every_kind_come_back_as_they_were() -> None:
    rows = [(NOON, "tag", "item", "\\N", ODD * number, str(number), "") for number in range(50)]
    bulk.append(Entry, NAMES, rows)
    assert list(Entry.objects.order_by("id").values_list(*NAMES)) == rows


def test_a_key_that_the_database_gives_follows_the_order() -> None:
    recheck = a_recheck()
    rows = [
        (recheck.pk, f"vantage {number}", "KR", FindingKind.GONE, "missing", "missing", number % 2 == 0)
        for number in range(300)
    ]
    names = ("recheck_id", "vantage", "country", "kind", "page", "media", "is_proof")
    bulk.append(Finding, names, rows)
    assert list(Finding.objects.order_by("id").values_list(*names)) == rows


def test_only_the_named_columns_of_the_given_rows_change() -> None:
    items = [found_copy(a_case(), f"http://prompt.test/p/{number}") for number in range(3)]
    other = {item.pk: Item.objects.values().get(pk=item.pk) for item in items}
    later = NOON + timedelta(days=3)
    for item, due_at, lease_until, question in ((items[0], later, None, ODD), (items[1], NOON, NOON, "")):
        item.due_at, item.lease_until, item.question, item.host = due_at, lease_until, question, "not.stored"
        other[item.pk] |= {"due_at": due_at, "lease_until": lease_until, "question": question}
    bulk.change(items[:2], ("due_at", "lease_until", "question"))
    assert {item.pk: Item.objects.values().get(pk=item.pk) for item in items} == other


def test_what_is_sealed_is_stored_sealed() -> None:
    item = found_copy(a_case(), "http://prompt.test/p/1")
    item.media_location = "http://prompt.test/m/new.jpg"
    bulk.change([item], ("media_location",))
    again = Item.objects.select_related("case").get(pk=item.pk)
    assert (again.location, again.media_location) == (item.location, "http://prompt.test/m/new.jpg")
    assert b"new.jpg" not in bytes(Item.objects.values_list("media_location", flat=True).get())  # type: ignore[arg-type] # sealed


def test_nothing_is_asked_where_there_is_nothing_to_do(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator] # pytest-django's fixture has no public type
        bulk.append(Entry, NAMES, [])
        bulk.change([], ("due_at",))
        bulk.change([Item(pk=1)], ())


def test_what_the_database_refuses_is_refused_as_by_the_orm() -> None:
    recheck = a_recheck()
    twice = (recheck.pk, "one", "KR", "gone", "missing", "missing", False)
    names = ("recheck_id", "vantage", "country", "kind", "page", "media", "is_proof")
    with pytest.raises(DatabaseError), transaction.atomic():
        bulk.append(Finding, names, [twice, twice])
    assert not Finding.objects.exists()
    recheck.item.due_at = None
    with pytest.raises(DatabaseError), transaction.atomic():  # promise 4: an open item is due or has a person
        bulk.change([recheck.item], ("due_at",))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's columns have no length")
def test_a_value_that_is_too_long_is_refused_and_not_cut() -> None:
    recheck = a_recheck()
    recheck.conclusion = "x" * 30
    with pytest.raises(DatabaseError), transaction.atomic():
        bulk.change([recheck], ("conclusion",))
