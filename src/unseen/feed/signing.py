"""Ed25519 keys of a feed (RFC 8032): one signs, those that are announced overlap."""

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class FeedKey:
    """A public key that signs pages until a time."""

    public: bytes  # 32
    until: int  # Unix seconds

    @property
    def name(self) -> str:
        """The first 16 hex digits of its digest."""
        return hashlib.sha256(self.public).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half, at the centre only."""

    private: bytes  # 32

    @classmethod
    def new(cls) -> "Signer":
        """A fresh key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    def key(self, until: int) -> FeedKey:
        """What followers are told of it."""
        return FeedKey(
            Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw(), until
        )

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message)


def signed_by(key: FeedKey, signature: bytes, message: bytes) -> bool:
    """Whether this key made the signature. A key or signature of wrong size made none."""
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
