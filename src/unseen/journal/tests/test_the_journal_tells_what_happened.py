import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection, transaction

from unseen.journal import actions, chain
from unseen.journal.models import Entry
from unseen.journal.queries import entries_of_kind, first_broken_entry, life_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEOUL = timezone(timedelta(hours=9))
WRITERS, EACH = 4, 8


def write(number: int, at: datetime = NOON, **data: object) -> Entry:
    actions.write("item:thing:done", actions.about("item", number), at, **data)
    return Entry.objects.latest("id")


@pytest.mark.django_db
def test_the_life_of_a_subject_is_read_back_in_order_with_its_data() -> None:
    write(1, NOON + HOUR, stage="notice", outcome=None)
    write(2, stage="review")
    write(1, NOON, stage="recheck", vantages={"berlin": "gone"})
    actions.write("case:thing:done", actions.about("case", 1), NOON)
    life = life_of(actions.about("item", 1))
    assert [(told.at, told.data) for told in life] == [
        (NOON + HOUR, {"stage": "notice", "outcome": None}),
        (NOON, {"stage": "recheck", "vantages": {"berlin": "gone"}}),
    ]
    assert [subject for subject, _ in entries_of_kind("item")] == ["1", "2", "1"]


@pytest.mark.django_db
def test_replaying_the_entries_gives_where_each_subject_stands() -> None:
    for number, stage in ((1, "received"), (2, "received"), (1, "notice"), (2, "closed"), (1, "recheck")):
        write(number, stage=stage)
    stands = {subject: told.data["stage"] for subject, told in entries_of_kind("item")}
    assert stands == {"1": "recheck", "2": "closed"}


@pytest.mark.django_db
def test_the_chain_survives_microseconds_time_zones_and_any_text() -> None:
    write(1, NOON + timedelta(microseconds=1))
    write(2, NOON.astimezone(SEOUL), words="삭제 \N{EM DASH} \u2028 \x00", seen=NOON, ratio=0.1)
    write(3)
    assert first_broken_entry() is None


def test_equal_data_has_one_spelling() -> None:
    assert chain.canonical({"b": 1, "a": {"d": 2, "c": 3}}) == chain.canonical(
        {"a": {"c": 3, "d": 2}, "b": 1}
    )


def test_no_two_entries_share_a_digest_by_moving_text_between_columns() -> None:
    assert chain.digest_of(chain.FIRST, NOON, "ab", "c", "", "") != chain.digest_of(
        chain.FIRST, NOON, "a", "bc", "", ""
    )


@pytest.mark.django_db
def test_an_entry_disappears_with_the_change_that_it_tells() -> None:
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    write(2)
    assert first_broken_entry() is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time by itself")
@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_keep_one_chain() -> None:
    start = threading.Barrier(WRITERS)

    def work(writer: int) -> None:
        start.wait()
        for number in range(EACH):
            with transaction.atomic():
                write(writer, count=number)
        connection.close()

    writers = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert Entry.objects.count() == WRITERS * EACH
    assert first_broken_entry() is None
    assert [told.data["count"] for told in life_of(actions.about("item", 0))] == list(range(EACH))
