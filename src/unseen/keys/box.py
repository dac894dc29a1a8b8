"""Sealing with one key: AES-256-GCM (NIST SP 800-38D), each value bound to its column and its report."""

import hmac
import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_OWNER_ENDS = 1 + 16
_NONCE_BYTES = 12
_NONCE_ENDS = _OWNER_ENDS + _NONCE_BYTES


class Damaged(Exception):
    """A sealed value does not open: it was changed, or put into another column or under another report."""


class Sealed(bytes):
    """A value as it stands in the database: version, report, nonce, ciphertext and tag. An empty one says nothing."""

    __slots__ = ()

    @property
    def owner_bytes(self) -> bytes:
        """The same as 16 bytes, unchecked: cheap, where many are compared. Of a damaged value they may be fewer."""
        return self[1:_OWNER_ENDS]

    @property
    def owner(self) -> UUID:
        """The report whose key opens it. Raises Damaged."""
        if self[:1] != _VERSION or len(self) < SEALED_BYTES_MORE:
            raise Damaged(
                "a sealed value is cut short, or begins with no version that we know: restore this row from a backup"
            )
        return UUID(bytes=self[1:_OWNER_ENDS])


SEALED_BYTES_MORE = _NONCE_ENDS + 16
"""How much longer a sealed value is than what it holds."""
EMPTY = Sealed(b"")
"""What stands where a value was destroyed, and where there never was one."""


@dataclass(frozen=True, slots=True)
class Key:
    """The open key of one report. Prints as ***."""

    owner: UUID
    _cipher: AESGCM = field(repr=False)
    _marking: bytes = field(repr=False)

    def seal(self, column: str, data: bytes) -> Sealed:
        """The data as it may be stored in this column (`table.column`)."""
        nonce, owner = os.urandom(_NONCE_BYTES), self.owner.bytes
        sealed = self._cipher.encrypt(nonce, data, column.encode() + owner)
        return Sealed(_VERSION + owner + nonce + sealed)

    def open(self, column: str, sealed: Sealed) -> bytes:
        """What was sealed for this column. Raises Damaged."""
        bound = column.encode() + self.owner.bytes
        try:
            return self._cipher.decrypt(sealed[_OWNER_ENDS:_NONCE_ENDS], sealed[_NONCE_ENDS:], bound)
        except (InvalidTag, ValueError):  # a value that is cut short has no whole nonce
            raise Damaged(
                f"a value in {column} does not open: it was changed; restore it from a backup"
            ) from None

    def mark(self, *parts: str) -> str:
        """The same for the same words under this key, and nothing to anybody without it: 64 hex digits."""
        return hmac.digest(self._marking, "\n".join(parts).encode(), "sha256").hex()


def key_from(owner: UUID, secret: bytes) -> Key:
    """The key with these 32 random bytes. What marks and what seals are different keys (NIST SP 800-108)."""
    sealing = hmac.digest(secret, b"unseen 1 seal", "sha256")
    return Key(owner, AESGCM(sealing), hmac.digest(secret, b"unseen 1 mark", "sha256"))
