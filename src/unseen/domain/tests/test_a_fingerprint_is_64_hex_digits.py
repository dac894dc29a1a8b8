import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from unseen.domain.fingerprint import BadFingerprint, Fingerprint, parse_pdq


@given(st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read_back(pdq: bytes) -> None:
    assert parse_pdq(pdq.hex()) == parse_pdq(pdq.hex().upper()) == pdq


@given(st.text(max_size=100) | st.text("0123456789abcdef ", min_size=60, max_size=68))
def test_anything_else_is_refused_by_name(text: str) -> None:
    assume(not re.fullmatch("[0-9a-fA-F]{64}", text))
    with pytest.raises(BadFingerprint, match="send 64 hex digits") as refusal:
        parse_pdq(text)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    "text", ["", "ab" * 31, "ab" * 33, "zz" * 32, "a" * 63, " " + "ab" * 31 + "a", "ab " * 21 + "a"]
)
def test_near_misses_are_refused(text: str) -> None:
    with pytest.raises(BadFingerprint):
        parse_pdq(text)


@pytest.mark.parametrize(("quality", "searchable"), [(0, False), (49, False), (50, True), (100, True)])
def test_below_quality_50_a_fingerprint_proves_nothing(quality: int, searchable: bool) -> None:
    assert Fingerprint(bytes(32), quality).searchable is searchable
