"""What is made from a peer's secret: the names of its entries, the marks in its fingerprints, its canaries.

Nothing of it is stored: whoever has the secret (the centre) makes it again, and nobody else can.
"""

import hashlib
import hmac
from collections.abc import Sequence

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from unseen.domain.limits import MARK_BITS, PDQ_BITS

NAME_BYTES = 16
CANARIES = (2**63, 2**63 + 1)
"""Numbers of the two entries that show no picture: the first stays, the second is withdrawn."""
_CHECK = bytes(8)


def names_of(secret: bytes, numbers: Sequence[int]) -> list[bytes]:
    """The names of these entries in the peer's list: random to everybody without the secret."""
    blocks = b"".join(number.to_bytes(8, "big") + _CHECK for number in numbers)
    made = _cipher(secret).encryptor().update(blocks)
    return [made[at : at + NAME_BYTES] for at in range(0, len(made), NAME_BYTES)]


def number_of(secret: bytes, name: bytes) -> int | None:
    """Which entry has this name in the peer's list; None for a name that we never gave."""
    block = _cipher(secret).decryptor().update(name) if len(name) == NAME_BYTES else b""
    return int.from_bytes(block[:8], "big") if block[8:] == _CHECK and block else None


def marked(secret: bytes, name: bytes, part: int, pdq: bytes) -> bytes:
    """The fingerprint as this peer gets it: MARK_BITS of it flipped, which ones only the secret tells."""
    value = bytearray(pdq)
    for place in places_of_mark(secret, name, part):
        value[place // 8] ^= 0x80 >> place % 8
    return bytes(value)


def places_of_mark(secret: bytes, name: bytes, part: int) -> list[int]:
    """Which bits are flipped. A byte of the digest is a place: 256 of each."""
    drawn = hmac.digest(_part(secret, b"mark"), name + part.to_bytes(2, "big"), "sha256")
    return list(dict.fromkeys(drawn))[:MARK_BITS]


def canary_value(secret: bytes, number: int) -> bytes:
    """Drawn noise with as many bits set as a picture's fingerprint has: half of them."""
    drawn = hashlib.shake_256(_part(secret, b"canary") + number.to_bytes(8, "big")).digest(2 * PDQ_BITS)
    bits = np.zeros(PDQ_BITS, np.uint8)
    bits[np.argsort(np.frombuffer(drawn, ">u2"), kind="stable")[: PDQ_BITS // 2]] = 1
    return np.packbits(bits).tobytes()


def _cipher(secret: bytes) -> "Cipher[ECB]":
    # One block a name and no name twice: a permutation of 128 bits, which is what ECB is.
    return Cipher(AES256(_part(secret, b"entry")), ECB())  # noqa: S305 - see above


def _part(secret: bytes, use: bytes) -> bytes:
    """A key for one use only (NIST SP 800-108)."""
    return hmac.digest(secret, b"unseen 1 " + use, "sha256")
