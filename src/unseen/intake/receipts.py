"""Receipts: a locator that finds the report and a secret that opens it. Nothing in them points to a person.

The secret has 60 bits; Argon2id (19 MiB, two passes) and the bits carry it (OWASP password storage, 2023).
"""

import re
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN_GROUPS = re.compile(r"[\s\u2010-\u2015\u2212-]+")  # phones turn a hyphen into a dash
_LOCATOR_CHARACTERS = 8
_SECRET_CHARACTERS = 12
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified against when the locator is unknown, so that known and unknown take the same time.
_NOBODY = _hasher.hash(secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter keeps. Prints as ***."""

    locator: str
    secret: str

    @property
    def text(self) -> str:
        """The receipt as it is shown once to the reporter, in groups of four."""
        whole = self.locator + self.secret
        return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))

    def __repr__(self) -> str:
        return "Receipt(***)"

    __str__ = __repr__


def new_receipt() -> Receipt:
    """A fresh random receipt."""
    characters = [secrets.choice(_ALPHABET) for _ in range(_LOCATOR_CHARACTERS + _SECRET_CHARACTERS)]
    whole = "".join(characters)
    return Receipt(whole[:_LOCATOR_CHARACTERS], whole[_LOCATOR_CHARACTERS:])


def read_receipt(text: str) -> Receipt | None:
    """The receipt that a person typed, forgiving case, spaces, dashes and lookalikes; None when it cannot be one."""
    whole = _BETWEEN_GROUPS.sub("", text[:100]).upper().translate(_LOOKALIKES)
    if len(whole) != _LOCATOR_CHARACTERS + _SECRET_CHARACTERS or not set(whole) <= set(_ALPHABET):
        return None
    return Receipt(whole[:_LOCATOR_CHARACTERS], whole[_LOCATOR_CHARACTERS:])


def digest_of(receipt: Receipt) -> str:
    """What we store of the secret."""
    return _hasher.hash(receipt.secret)


def fits(receipt: Receipt, stored: str | None) -> bool:
    """Whether the secret is the stored one. Without a stored one the same work is done, and the answer is no."""
    try:
        _hasher.verify(stored or _NOBODY, receipt.secret)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
