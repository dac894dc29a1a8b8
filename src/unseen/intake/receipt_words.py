"""The words in which receipts are written: 1,024 of each language, so ten bits a word. Source: `words/README.md`."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

BITS_A_WORD = 10
_FOLDER = Path(__file__).parent / "words"
_ENOUGH_LETTERS = 4  # these tell an English word from all others of the list


def _read(language: str) -> tuple[str, ...]:
    return tuple((_FOLDER / f"{language}.txt").read_text(encoding="utf-8").split())


WORDS_OF = {language: _read(language) for language in ("en", "ko")}
_NUMBERS = {word: number for words in WORDS_OF.values() for number, word in enumerate(words)}
_STARTS = {word[:_ENOUGH_LETTERS]: number for number, word in enumerate(WORDS_OF["en"])}


def number_of(typed: str) -> int | None:
    """Which word is meant, counted from 0; None where none is, or where it could be two."""
    if typed in _NUMBERS:
        return _NUMBERS[typed]
    if typed.isascii():
        number = _STARTS.get(typed[:_ENOUGH_LETTERS]) if len(typed) >= _ENOUGH_LETTERS else None
        meant = number is not None and WORDS_OF["en"][number].startswith(typed)
        return number if meant else _near("en", typed)
    return _near("ko", unicodedata.normalize("NFD", typed))


def _near(language: str, typed: str) -> int | None:
    """The one word that is one slip away; Korean is compared letter by letter, not syllable by syllable."""
    meant = {number for slip in _slips(typed) for number in _slipped(language).get(slip, ())}
    return meant.pop() if len(meant) == 1 else None


@lru_cache(maxsize=2)
def _slipped(language: str) -> dict[str, set[int]]:
    """Each word with a letter taken out, and whole: two texts that share one of these are a slip apart, or near it."""
    known: dict[str, set[int]] = {}
    for number, word in enumerate(WORDS_OF[language]):
        for slip in _slips(word if language == "en" else unicodedata.normalize("NFD", word)):
            known.setdefault(slip, set()).add(number)
    return known


def _slips(word: str) -> Iterator[str]:
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))
