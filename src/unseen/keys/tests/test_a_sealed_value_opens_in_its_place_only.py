import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.keys.box import SEALED_BYTES_MORE, Damaged, Sealed, key_from

OWNER, OTHER = uuid.uuid4(), uuid.uuid4()
KEY = key_from(OWNER, b"k" * 32)
COLUMN = "casework_item.location"


@given(st.binary(max_size=300))
def test_what_was_sealed_comes_back(data: bytes) -> None:
    sealed = KEY.seal(COLUMN, data)
    assert KEY.open(COLUMN, sealed) == data
    assert sealed.owner == OWNER
    assert len(sealed) == len(data) + SEALED_BYTES_MORE


def test_equal_values_are_sealed_differently() -> None:
    assert KEY.seal(COLUMN, b"same") != KEY.seal(COLUMN, b"same")


def test_it_opens_in_no_other_column() -> None:
    with pytest.raises(Damaged, match=r"takedown_place\.location does not open"):
        KEY.open("takedown_place.location", KEY.seal(COLUMN, b"here"))


def test_it_opens_under_no_other_report() -> None:
    same_secret = key_from(OTHER, b"k" * 32)
    with pytest.raises(Damaged):
        same_secret.open(COLUMN, KEY.seal(COLUMN, b"here"))


@pytest.mark.parametrize("place", [0, 1, 17, 29, -1])
def test_no_changed_byte_goes_unseen(place: int) -> None:
    changed = bytearray(KEY.seal(COLUMN, b"here"))
    changed[place] ^= 1
    with pytest.raises(Damaged):
        key_from(Sealed(changed).owner, b"k" * 32).open(COLUMN, Sealed(changed))


@pytest.mark.parametrize("length_bytes", [1, 10, 17, 20, 29, 44])
def test_a_value_that_is_cut_short_is_damaged(length_bytes: int) -> None:
    cut = Sealed(KEY.seal(COLUMN, b"here")[:length_bytes])
    with pytest.raises(Damaged):
        KEY.open(COLUMN, cut)
    with pytest.raises(Damaged, match="cut short"):
        _ = cut.owner


def test_a_mark_is_the_same_under_one_key_only() -> None:
    assert KEY.mark("http://a.test/1", "") == KEY.mark("http://a.test/1", "")
    assert KEY.mark("http://a.test/1", "") != KEY.mark("http://a.test/1")
    assert KEY.mark("http://a.test/1") != key_from(OWNER, b"j" * 32).mark("http://a.test/1")


def test_a_key_does_not_print_itself() -> None:
    assert repr(KEY) == f"Key(owner={OWNER!r})"
