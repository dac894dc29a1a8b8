import os
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unseen.intake.receipt_words import WORDS_OF
from unseen.intake.receipts import new_receipt, read_receipt, receipt_from

pytestmark = pytest.mark.thorough

LANGUAGES = ("en", "ko")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_has_1024_different_plain_words(language: str) -> None:
    words = WORDS_OF[language]
    assert len(set(words)) == len(words) == 1_024
    assert all(word == unicodedata.normalize("NFC", word) and word.isalpha() for word in words)
    assert max(map(len, words)) <= 6


def test_four_letters_tell_an_english_word() -> None:
    assert len({word[:4] for word in WORDS_OF["en"]}) == 1_024


@pytest.mark.parametrize("language", LANGUAGES)
@given(seed=st.binary(min_size=16, max_size=16))
def test_words_and_letters_are_one_receipt(language: str, seed: bytes) -> None:
    receipt = receipt_from(seed)
    assert read_receipt(" ".join(receipt.words(language))) == receipt
    assert read_receipt(receipt.text) == receipt


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_capitals_commas_and_lines_are_forgiven(language: str) -> None:
    receipt = new_receipt()
    typed = ",\r\n".join(
        f"{number}) {word.upper()}" for number, word in enumerate(receipt.words(language), 1)
    )
    assert read_receipt(typed) == receipt
    assert read_receipt(unicodedata.normalize("NFD", typed)) == receipt


def test_a_word_may_be_cut_after_four_letters() -> None:
    receipt = new_receipt()
    assert read_receipt(" ".join(word[:4] for word in receipt.words("en"))) == receipt


def test_one_slip_in_a_word_is_forgiven_where_one_word_is_meant() -> None:
    rest = WORDS_OF["en"][:11]
    meant = read_receipt(" ".join(["zebra", *rest]))
    assert meant is not None
    for typed in ("zebrra", "zeba", "zebri", "Zebra."):
        assert read_receipt(" ".join([typed, *rest])) == meant
    assert read_receipt(" ".join(["qqqq", *rest])) is None
    assert read_receipt(" ".join(rest)) is None


@settings(max_examples=2_000, deadline=None)
@given(st.text(max_size=500))
def test_odd_input_is_read_or_refused_and_never_breaks(typed: str) -> None:
    found = read_receipt(typed)
    assert found is None or (len(found.locator), len(found.secret)) == (8, 16)


def test_the_same_seed_gives_the_same_receipt() -> None:
    seed = os.urandom(16)
    assert receipt_from(seed) == receipt_from(seed)
    assert receipt_from(seed) != receipt_from(os.urandom(16))
