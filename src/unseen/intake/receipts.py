"""Receipts: a locator that finds the report and a secret that opens it. Nothing in them points to a person.

A receipt has 120 random bits, 40 of locator and 80 of secret, written as twelve words or as 24 letters. Eighty bits need
no slow digest: guessing one takes millions of years of graphics cards, while a slow one would let strangers keep the
server busy (docs/decisions/0043-*.md).
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass

from unseen.intake.receipt_words import BITS_A_WORD, WORDS_OF, number_of

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_BITS_A_LETTER = 5
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN_GROUPS = re.compile(r"[\s\u2010-\u2015\u2212-]+")  # phones turn a hyphen into a dash
_TOKEN = re.compile(r"[^\W\d_]+")
LOCATOR_BITS, SECRET_BITS = 40, 80
_BITS = LOCATOR_BITS + SECRET_BITS
_LOCATOR_LETTERS, _LETTERS, _WORDS = (
    LOCATOR_BITS // _BITS_A_LETTER,
    _BITS // _BITS_A_LETTER,
    _BITS // BITS_A_WORD,
)
_TYPED_CHARACTERS_MAX = 400  # twelve words, each with a number before it, fit twice
_NOBODYS = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter keeps. Prints as ***."""

    locator: str
    secret: str

    @property
    def text(self) -> str:
        """The receipt in letters, as machines and the command line get it: groups of four."""
        whole = self.locator + self.secret
        return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))

    def words(self, language: str) -> list[str]:
        """The same receipt as twelve words of this language ("en", "ko")."""
        number = 0
        for letter in self.locator + self.secret:
            number = number << _BITS_A_LETTER | _ALPHABET.index(letter)
        shifts = range(_BITS - BITS_A_WORD, -1, -BITS_A_WORD)
        return [WORDS_OF[language][number >> shift & (1 << BITS_A_WORD) - 1] for shift in shifts]

    def __repr__(self) -> str:
        return "Receipt(***)"

    __str__ = __repr__


def new_receipt() -> Receipt:
    """A fresh random receipt."""
    return _receipt(secrets.randbits(_BITS))


def receipt_from(seed: bytes) -> Receipt:
    """The receipt of this seed, of 16 random bytes or more: who sends a form twice is given the same one again."""
    return _receipt(int.from_bytes(hashlib.sha256(b"receipt" + seed).digest()) >> 256 - _BITS)


def _receipt(number: int) -> Receipt:
    shifts = range(_BITS - _BITS_A_LETTER, -1, -_BITS_A_LETTER)
    whole = "".join(_ALPHABET[number >> shift & (1 << _BITS_A_LETTER) - 1] for shift in shifts)
    return Receipt(whole[:_LOCATOR_LETTERS], whole[_LOCATOR_LETTERS:])


def read_receipt(text: str) -> Receipt | None:
    """The receipt that a person typed, as letters or as words of either language; None when it cannot be one.

    Forgives case, spaces, dashes, numbers before the words, lookalike letters, a word cut after its fourth letter, and
    one wrong letter in a word where only one word can be meant.
    """
    text = unicodedata.normalize("NFKC", text[:_TYPED_CHARACTERS_MAX])
    whole = _BETWEEN_GROUPS.sub("", text).upper().translate(_LOOKALIKES)
    if len(whole) == _LETTERS and set(whole) <= set(_ALPHABET):
        return Receipt(whole[:_LOCATOR_LETTERS], whole[_LOCATOR_LETTERS:])
    return _from_words([token.casefold() for token in _TOKEN.findall(text)])


def _from_words(tokens: list[str]) -> Receipt | None:
    if len(tokens) != _WORDS:
        return None
    number = 0
    for token in tokens:
        meant = number_of(token)
        if meant is None:
            return None
        number = number << BITS_A_WORD | meant
    return _receipt(number)


def digest_of(receipt: Receipt, pin: str = "") -> str:
    """What we store of the secret and, where the reporter chose one, of the PIN. The locator is its salt."""
    return hashlib.sha256(f"{receipt.locator}/{receipt.secret}/{pin}".encode()).hexdigest()


def fits(receipt: Receipt, stored: str | None, pin: str = "") -> bool:
    """Whether secret and PIN are the stored ones. Without a stored digest the same work is done, and the answer is no."""
    return hmac.compare_digest(digest_of(receipt, pin), stored or _NOBODYS) and stored is not None
