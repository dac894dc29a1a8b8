"""A page: a signed head, and the lines that lead from where the follower stands to it. Without lines it is a heartbeat."""

import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from unseen.feed.lines import LINE_BYTES
from unseen.feed.refusals import ForgedPage, MalformedPage
from unseen.feed.signing import FeedKey, Signer, signed_by

PAGE_TYPE = "application/vnd.unseen.feed-page"
LINES_PER_PAGE_MAX = 5_000
PAGE_BYTES_MAX = 16_384 + LINES_PER_PAGE_MAX * LINE_BYTES
_FIRST = b"unseen-feed-page 1\n"
_HEAD_BYTES_MAX = 16_000
_KEYS_MAX = 8
_TIME_MAX = 2**40
_FIELDS = frozenset(("feed", "start", "size", "root", "log_size", "issued", "expires", "lease_s", "keys"))


@dataclass(frozen=True, slots=True)
class Head:
    """What the centre signs: the tree of `size` lines has this root. Times are Unix seconds."""

    feed: str  # 32 hex digits; each peer has a feed of its own
    start: int  # the first line of this page
    size: int  # the tree after this page
    root: str  # 64 hex digits
    log_size: int  # lines that the feed has by now; more than `size` means: ask again at once
    issued: int
    expires: int
    lease_s: int  # how long after `issued` entries may be acted on without a person
    keys: tuple[FeedKey, ...]  # all that sign now or soon


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read, its signature checked, its lines not yet."""

    head: Head
    lines: bytes


def write_page(head: Head, lines: bytes, signer: Signer) -> bytes:
    """The bytes of a page."""
    signed = _signed_bytes(head)
    name = signer.key(0).name
    return signed + f"{signer.sign(signed).hex()} {name}\n".encode() + lines


def read_page(raw: bytes, trusted: Sequence[FeedKey], now: int) -> Page:
    """The page, when a trusted key signed it.

    Raises MalformedPage, or ForgedPage where no key that is trusted at `now` (Unix seconds) signed it.
    """
    if len(raw) > PAGE_BYTES_MAX:
        raise MalformedPage(f"a page of {len(raw)} bytes is longer than {PAGE_BYTES_MAX}")
    head_end = raw.find(b"\n", len(_FIRST), _HEAD_BYTES_MAX) + 1
    signature_end = raw.find(b"\n", head_end, head_end + 200) + 1 if head_end else 0
    if not raw.startswith(_FIRST) or not signature_end:
        raise MalformedPage("this is no feed page: a page begins with its name, a head and a signature")
    signed, (signature, name) = raw[:head_end], _signature(raw[head_end:signature_end])
    keys = [key for key in trusted if key.name == name and key.until > now]
    if not any(signed_by(key, signature, signed) for key in keys):
        raise ForgedPage(f"no trusted key signed this page (it names {name})")
    return Page(_head(signed[len(_FIRST) :]), raw[signature_end:])


def _signature(line: bytes) -> tuple[bytes, str]:
    found = re.fullmatch(rb"([0-9a-f]{128}) ([0-9a-f]{16})\n", line)
    if not found:
        raise MalformedPage("the line of the signature is not 128 hex digits, a space and a key's name")
    return binascii.unhexlify(found[1]), found[2].decode()


def _signed_bytes(head: Head) -> bytes:
    told = {
        "feed": head.feed,
        "start": head.start,
        "size": head.size,
        "root": head.root,
        "log_size": head.log_size,
        "issued": head.issued,
        "expires": head.expires,
        "lease_s": head.lease_s,
        "keys": [{"public": key.public.hex(), "until": key.until} for key in head.keys],
    }
    return _FIRST + json.dumps(told, separators=(",", ":")).encode() + b"\n"


def _head(line: bytes) -> Head:
    try:
        told = json.loads(line)
    except ValueError as error:
        raise MalformedPage(f"the head is no JSON: {error}") from error
    if not isinstance(told, dict) or set(told) != _FIELDS:
        raise MalformedPage("the head has other fields than the specification names")
    numbers = {
        field: _number(told, field) for field in ("start", "size", "log_size", "issued", "expires", "lease_s")
    }
    if not numbers["start"] <= numbers["size"] <= numbers["log_size"]:
        raise MalformedPage("start, size and log_size of the head do not follow each other")
    keys = told["keys"]
    if not isinstance(keys, list) or not 1 <= len(keys) <= _KEYS_MAX:
        raise MalformedPage(f"the head names no keys, or more than {_KEYS_MAX}")
    return Head(
        feed=_hex(told, "feed", 32), root=_hex(told, "root", 64), keys=tuple(map(_key, keys)), **numbers
    )


def _key(told: object) -> FeedKey:
    if not isinstance(told, dict) or set(told) != {"public", "until"}:
        raise MalformedPage("a key of the head is not public and until")
    return FeedKey(bytes.fromhex(_hex(told, "public", 64)), _number(told, "until"))


def _number(told: dict[str, object], field: str) -> int:
    value = told[field]
    if type(value) is not int or not 0 <= value < _TIME_MAX:
        raise MalformedPage(f"{field} of the head is no whole number in range")
    return value


def _hex(told: dict[str, object], field: str, digits: int) -> str:
    value = told[field]
    if not isinstance(value, str) or not re.fullmatch(rf"[0-9a-f]{{{digits}}}", value):
        raise MalformedPage(f"{field} of the head is not {digits} hex digits")
    return value
