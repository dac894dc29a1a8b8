"""The invitation with which a peer begins to follow a feed: where it is, its name, and the keys to trust at first."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from unseen.feed.signing import FeedKey
from unseen.replica.errors import ReplicaError

_INVITATION_BYTES_MAX = 65_536
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the centre gave to one peer."""

    address: str  # of the feed, without the path that the specification names
    feed: str  # 32 hex digits
    keys: tuple[FeedKey, ...]
    api_key: str | None

    def text(self) -> str:
        """The JSON of it, as `read_invitation` reads it."""
        told = {
            "unseen_invitation": 1,
            "address": self.address,
            "feed": self.feed,
            "keys": [{"public": key.public.hex(), "until": key.until} for key in self.keys],
            "api_key": self.api_key,
        }
        return json.dumps(told, indent=1)


def read_invitation(raw: bytes) -> Invitation:
    """Raises ReplicaError naming what is wrong with the file."""
    try:
        told = json.loads(raw) if len(raw) <= _INVITATION_BYTES_MAX else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or told.get("unseen_invitation") != 1:
        raise _wrong("it is no invitation of version 1")
    keys, api_key = told.get("keys"), told.get("api_key")
    if not isinstance(keys, list) or not keys:
        raise _wrong("it names no key")
    if api_key is not None and not (
        isinstance(api_key, str) and re.fullmatch(r"[\x21-\x7e]{8,256}", api_key)
    ):
        raise _wrong("its api_key is no key")
    return Invitation(
        _address(told.get("address")), _hex(told.get("feed"), 32), tuple(map(_key, keys)), api_key
    )


def _address(told: object) -> str:
    parts = urlsplit(told) if isinstance(told, str) else None
    if parts is None or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise _wrong("its address is no https:// address of a host")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise _wrong("its address is not https://, and not on this machine")
    return parts.geturl().rstrip("/")


def _key(told: object) -> FeedKey:
    until = told.get("until") if isinstance(told, dict) else None
    if not isinstance(told, dict) or type(until) is not int:
        raise _wrong("a key of it is not public and until")
    return FeedKey(bytes.fromhex(_hex(told.get("public"), 64)), until)


def _hex(told: object, digits: int) -> str:
    if not isinstance(told, str) or not re.fullmatch(rf"[0-9a-f]{{{digits}}}", told):
        raise _wrong(f"a value is not {digits} hex digits")
    return told


def _wrong(why: str) -> ReplicaError:
    return ReplicaError(f"the invitation cannot be used ({why}): ask the centre for a new one")
