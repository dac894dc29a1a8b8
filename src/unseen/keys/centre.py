"""The centre's own key, which wraps all others. It comes from a file (UNSEEN_KEY_FILE) and stands in no table."""

import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from unseen.keys.box import Key, key_from

NOBODY = UUID(int=0)
"""Whose report a value is that belongs to none: mail that names no notice of ours."""
_NONCE_BYTES = 12


class WrongCentreKey(Exception):
    """The key in the file is not the one that wrapped this centre's keys."""


def wrap(owner: UUID, secret: bytes) -> bytes:
    """The secret of a report's key as it may be stored: 60 bytes, bound to that report."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _wrapping().encrypt(nonce, secret, owner.bytes)


def unwrap(owner: UUID, wrapped: bytes) -> Key:
    """The report's key. Raises WrongCentreKey."""
    try:
        secret = _wrapping().decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], owner.bytes)
    except (InvalidTag, ValueError):
        raise WrongCentreKey(
            "the key file does not open this centre's case keys: put the right file back where UNSEEN_KEY_FILE points"
        ) from None
    return key_from(owner, secret)


def opens(centre_key: bytes, owner: UUID, wrapped: bytes) -> bool:
    """Whether this centre's key wrapped that key."""
    try:
        _wrapping_by(centre_key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], owner.bytes)
    except (InvalidTag, ValueError):
        return False
    return True


@lru_cache(maxsize=1)
def own_key() -> Key:
    """For what belongs to no report. It lives as long as the centre's key."""
    return key_from(NOBODY, hmac.digest(settings.CENTRE_KEY, b"unseen 1 own", "sha256"))


@lru_cache(maxsize=1)
def _wrapping() -> AESGCM:
    return _wrapping_by(settings.CENTRE_KEY)


def _wrapping_by(centre_key: bytes) -> AESGCM:
    return AESGCM(hmac.digest(centre_key, b"unseen 1 wrap", "sha256"))
