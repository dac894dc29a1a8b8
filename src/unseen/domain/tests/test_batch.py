"""Nothing is dropped: every piece is in exactly one notice or is named as unfit."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from unseen.domain.batch import Limits, Piece, difference, fills, fits, split

LOCATIONS = some.builds(
    "http://{}.test/{}".format, some.sampled_from("xy"), some.text("ab/", min_size=1, max_size=40)
)
PIECES = some.lists(some.lists(LOCATIONS, min_size=1, max_size=3), max_size=40).map(
    lambda lists: [Piece(str(number), tuple(one)) for number, one in enumerate(lists)]
)
LIMITS = some.builds(
    Limits,
    some.none() | some.integers(1, 12),
    some.none() | some.integers(1, 60),
    some.none() | some.integers(1, 400),
    some.booleans(),
)


@given(PIECES, LIMITS)
def test_nothing_is_dropped_nothing_is_doubled_and_every_limit_holds(
    pieces: list[Piece], limits: Limits
) -> None:
    parts = split(pieces, limits)
    batched = [piece for batch in parts.batches for piece in batch]
    assert sorted([*batched, *parts.unfit], key=lambda piece: int(piece.key)) == pieces
    for batch in parts.batches:
        assert fits(batch, limits)
        assert limits.several or len(batch) == 1
    for piece in parts.unfit:
        assert not fits((piece,), limits)


@given(PIECES, LIMITS)
def test_no_two_neighbours_could_have_been_one_notice(pieces: list[Piece], limits: Limits) -> None:
    batches = split(pieces, limits).batches
    for one, next_one in pairwise(batches):
        assert not limits.several or not fits((*one, next_one[0]), limits)


@given(some.lists(LOCATIONS, max_size=30), LIMITS)
def test_a_form_is_filled_in_until_every_location_stood_in_it(locations: list[str], limits: Limits) -> None:
    every = [one for fill in fills(locations, limits) for one in fill]
    assert sorted(every) == sorted(locations)
    if limits.locations_per_notice_max is not None:
        assert all(len(fill) <= limits.locations_per_notice_max for fill in fills(locations, limits))


@given(some.sets(LOCATIONS), some.sets(LOCATIONS))
def test_what_is_missing_and_what_was_loaded_make_what_was_sent(sent: set[str], loaded: set[str]) -> None:
    found = difference(sent, loaded)
    assert set(found.missing) == sent - loaded
    assert set(found.unknown) == loaded - sent


def test_an_address_is_the_same_in_whatever_case_its_host_is_written() -> None:
    assert difference(["HTTP://X.test"], ["http://x.TEST/"]).missing == ()
    assert difference(["http://x.test/A"], ["http://x.test/a"]).missing == ("http://x.test/A",)
    assert difference(["http://x.test?Q=1"], ["http://X.test?q=1"]).missing == ("http://x.test?Q=1",)


def test_a_url_longer_than_they_take_is_named_and_never_cut() -> None:
    long = Piece("1", ("http://x.test/" + "a" * 300,))
    assert split([long], Limits(100, 255)).unfit == (long,)


@pytest.mark.parametrize("limits", [(0, None, 10), (1, 0, 10), (1, None, 0)])
def test_a_limit_of_nothing_is_refused(limits: tuple[int, int | None, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Limits(*limits)
