import shutil

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from unseen.exchange.peers import actions, due, queries
from unseen.exchange.peers.actions import take_in
from unseen.exchange.peers.models import PeerEntry, PeerSource, Quarantined
from unseen.exchange.peers.record import Batch, PeerKind, PeerRecord, Reason, Refused
from unseen.exchange.peers.tests.formats import ONE, TWO
from unseen.intake.tests.reports import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
PDQ = PeerKind.PDQ


def live(theirs: str = "a", value: str = ONE, at: int = 0) -> PeerRecord:
    return PeerRecord(theirs, PDQ, bytes.fromhex(value), changed_at=at)


def gone(theirs: str = "a", at: int = 0) -> PeerRecord:
    return PeerRecord(theirs, PDQ, b"", withdrawn=True, changed_at=at)


def took(*records: PeerRecord, refused: tuple[Refused, ...] = (), cursor: str = "") -> actions.Taken:
    taken = take_in("Peer Example", Batch(records, refused, cursor=cursor), NOON)
    while due.follow_folder():
        pass
    return taken


def found(value: str) -> list[str]:
    return [match.theirs for match in queries.search([bytes.fromhex(value)])]


def test_what_is_taken_is_searched_under_the_peers_name() -> None:
    assert took(live("a"), live("b", TWO)).added == 2
    (match, *_) = queries.search([bytes.fromhex(ONE)])
    assert (match.source, match.theirs, match.distance_bits) == ("Peer Example", "a", 0)


def test_the_same_again_changes_nothing() -> None:
    took(live("a"))
    taken = took(live("a"))
    assert (taken.added, taken.same, taken.quarantined) == (0, 1, 0)


def test_what_is_withdrawn_is_found_no_more_and_its_fingerprint_is_gone() -> None:
    took(live("a", at=5))
    assert found(ONE) == ["a"]
    assert took(gone("a", at=6)).withdrawn == 1
    assert found(ONE) == []
    assert PeerEntry.objects.get().value == b""


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (gone("a", at=6), live("a", at=5)),
        (gone("a"), live("a")),
        (gone("a", at=6), live("a", at=6)),
        (live("a", at=6), live("a", TWO, at=5)),
        (live("a", at=6), live("a", TWO, at=6)),
        (live("a", at=6), gone("a", at=5)),
    ],
)
def test_what_was_said_before_cannot_be_replayed(first: PeerRecord, then: PeerRecord) -> None:
    took(first)
    before = PeerEntry.objects.values().get()
    assert took(then, cursor="next").quarantined == 1
    assert PeerEntry.objects.values().get() == before
    row = Quarantined.objects.get()
    assert (row.reason, row.theirs) == (Reason.REPLAYED, "a")
    assert PeerSource.objects.get().cursor == "next", "it was put aside by name, so the peer is read on"


def test_a_later_word_brings_a_withdrawn_entry_back() -> None:
    took(gone("a", at=6))
    assert took(live("a", at=7)).changed == 1
    assert found(ONE) == ["a"]


def test_the_cursor_waits_for_a_record_without_a_name() -> None:
    bad = Refused("", Reason.MALFORMED, "00" * 32)
    taken = took(live("a"), refused=(bad,), cursor="two")
    assert not taken.cursor_moved
    source = PeerSource.objects.get()
    assert (source.cursor, source.held_back) == ("", 1)
    assert found(ONE) == ["a"], "what could be read is used"
    took(live("a"), cursor="two")
    source.refresh_from_db()
    assert (source.cursor, source.held_back) == ("two", 0)


def test_what_is_put_aside_again_is_one_row_with_a_count() -> None:
    for digest in ("00", "11"):
        took(refused=(Refused("a", Reason.ALL_ZERO, digest * 32),))
    row = Quarantined.objects.get()
    assert (row.count, row.digest) == (2, "11" * 32)
    (state,) = queries.states()
    assert state.quarantined == {"all_zero": 2}


def test_a_flood_of_refused_records_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "QUARANTINED_OF_A_PEER_MAX", 3)
    flood = tuple(Refused(f"n{at}", Reason.MALFORMED, "00" * 32) for at in range(10))
    assert not took(refused=flood, cursor="x").cursor_moved
    assert Quarantined.objects.count() == 4
    assert sum(Quarantined.objects.values_list("count", flat=True)) == 10


def test_a_lost_folder_is_written_anew_when_a_worker_starts() -> None:
    took(live("a"))
    shutil.rmtree(settings.UNSEEN.data_dir / "peers")
    queries._bank.cache_clear()
    assert found(ONE) == []
    due.prepare()
    assert due.follow_folder() == 1
    assert found(ONE) == ["a"]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_long_list_is_stored_in_parts_and_the_cursor_moves_last(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    taken = took(*(live(f"n{at}") for at in range(count)), live("n0", TWO), cursor="end")
    assert (taken.added, taken.changed) == (count, 1)
    assert PeerSource.objects.get().cursor == "end"
    bad = Refused("", Reason.MALFORMED, "00" * 32)
    assert not took(*(live(f"m{at}") for at in range(count)), refused=(bad,), cursor="later").cursor_moved
    assert PeerSource.objects.get().cursor == "end"


def test_two_peers_names_do_not_meet() -> None:
    took(live("a"))
    take_in("Other Example", Batch((gone("a", at=9),)), NOON)
    assert found(ONE) == ["a"]


record = st.builds(
    lambda theirs, value, withdrawn, at: gone(theirs, at) if withdrawn else live(theirs, value, at),
    st.sampled_from("abc"), st.sampled_from([ONE, TWO]), st.booleans(), st.integers(0, 3),
)  # fmt: skip


class InAnyOrder(TestCase):
    @runs(max_examples=60, deadline=None)
    @given(batches=st.lists(st.lists(record, max_size=4), max_size=5))
    def test_nothing_older_ever_outweighs_something_newer(self, batches: list[list[PeerRecord]]) -> None:
        newest: dict[str, int] = {}
        for records in batches:
            took(*records)
            for each in records:
                newest[each.theirs] = max(newest.get(each.theirs, 0), each.changed_at)
        for row in PeerEntry.objects.all():
            assert row.changed_at == newest[row.theirs]
            assert row.withdrawn is (row.value == b"")
        living = {row.theirs for row in PeerEntry.objects.filter(withdrawn=False)}
        assert {match.theirs for match in queries.search([bytes.fromhex(ONE), bytes.fromhex(TWO)])} == living
