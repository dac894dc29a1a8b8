"""What a peer says about one fingerprint, in our words, or why it was not believed. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from unseen.domain.limits import QUALITY_MIN

KEY_CHARACTERS_MAX = (
    200  # the longest name of a record that peers use is a value of 64 hex digits with a prefix
)
RECORD_BYTES_MAX = 16_384  # of one record as sent; StopNCII's with feedback of a dozen platforms has 2,000
_WIDTHS = {"pdq": 32, "sha256": 32}


class PeerKind(StrEnum):
    """What a value is. Other kinds (MD5, PhotoDNA, TMK) are passed over: we have nothing to compare them with."""

    PDQ = "pdq"
    SHA256 = "sha256"


class Reason(StrEnum):
    """Why a record was put aside."""

    MALFORMED = "malformed"
    OVERSIZED = "oversized"
    ALL_ZERO = "all_zero"
    LOW_QUALITY = "low_quality"
    UNKNOWN = "unknown"  # feedback on something that is not in the peer's list
    REPLAYED = "replayed"  # older than what the peer said before, or something withdrawn that comes again


@dataclass(frozen=True, slots=True)
class PeerRecord:
    """One fingerprint of a peer. `theirs` names it at the peer; `value` is empty where it is withdrawn."""

    theirs: str
    kind: PeerKind
    value: bytes
    withdrawn: bool = False
    quality: int | None = None  # where the peer tells it
    changed_at: int = 0  # Unix seconds, by the peer's clock; 0 where it tells none


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that is put aside. `theirs` is the name it gives itself, empty where it gives none that can be read."""

    theirs: str
    reason: Reason
    digest: str  # SHA-256 of the record as sent


@dataclass(frozen=True, slots=True)
class Batch:
    """What one answer or file of a peer held. Nothing in it is left out: it is a record, refused, or counted here."""

    records: tuple[PeerRecord, ...] = ()
    refused: tuple[Refused, ...] = ()
    passed_over: int = 0  # of kinds that we do not search
    cursor: str = ""  # where to ask on, after all of this is stored
    more: bool = False


class PeerTrouble(Exception):
    """A peer's answer cannot be used as a whole: nothing of it is stored, and the cursor stays."""


@dataclass(slots=True)
class Reading:
    """Collects a batch while an adapter goes through what a peer sent."""

    records: list[PeerRecord] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    passed_over: int = 0

    def take(
        self,
        raw: bytes,
        theirs: object,
        kind: PeerKind | None,
        value: object,
        *,
        withdrawn: bool = False,
        quality: object = None,
        changed_at: object = 0,
    ) -> None:
        """Keep one record if every rule holds; otherwise put it aside under its name. `kind` is None for kinds of no use."""
        name = readable_key(theirs)
        if kind is None and name:
            self.passed_over += 1
            return
        found = self._checked(raw, name, kind, value, withdrawn, quality, changed_at)
        if isinstance(found, Reason):
            self.refuse(raw, name, found)
        else:
            self.records.append(found)

    def refuse(self, raw: bytes, theirs: object, reason: Reason) -> None:
        """Put one record aside."""
        self.refused.append(Refused(readable_key(theirs), reason, hashlib.sha256(raw).hexdigest()))

    def batch(self, cursor: str = "", *, more: bool = False) -> Batch:
        """All of it."""
        return Batch(tuple(self.records), tuple(self.refused), self.passed_over, cursor, more)

    def _checked(
        self,
        raw: bytes,
        name: str,
        kind: PeerKind | None,
        value: object,
        withdrawn: bool,
        quality: object,
        changed_at: object,
    ) -> PeerRecord | Reason:
        if len(raw) > RECORD_BYTES_MAX:
            return Reason.OVERSIZED
        if not name or kind is None or not _is_count(changed_at, 2**40):
            return Reason.MALFORMED
        if quality is not None and not _is_count(quality, 100):
            return Reason.MALFORMED
        assert isinstance(changed_at, int) and (quality is None or isinstance(quality, int))  # noqa: PT018 - for mypy
        if withdrawn:
            return PeerRecord(name, kind, b"", withdrawn=True, changed_at=changed_at)
        read = value_of(kind, value)
        if isinstance(read, Reason):
            return read
        if quality is not None and quality < QUALITY_MIN:
            return Reason.LOW_QUALITY
        return PeerRecord(name, kind, read, quality=quality, changed_at=changed_at)


def value_of(kind: PeerKind, text: object) -> bytes | Reason:
    """The bytes behind hex digits in small or capital letters, or why they are none."""
    if not isinstance(text, str) or len(text) != 2 * _WIDTHS[kind] or not text.isascii():
        return Reason.MALFORMED
    if any(character not in "0123456789abcdefABCDEF" for character in text):
        return Reason.MALFORMED
    value = bytes.fromhex(text)
    # 32 zero bytes stand in real lists for a picture of one colour; they lie near every other blank one.
    return value if any(value) else Reason.ALL_ZERO


def readable_key(theirs: object) -> str:
    """The name that a record gives itself, or nothing where it is no short line of text."""
    if isinstance(theirs, bool) or not isinstance(theirs, str | int):
        return ""
    if isinstance(theirs, int) and not -(2**63) <= theirs < 2**64:
        return ""
    name = str(theirs)
    return name if 0 < len(name) <= KEY_CHARACTERS_MAX and name.isprintable() else ""


def sensible_kind(words: str, known: Iterable[tuple[str, PeerKind]]) -> PeerKind | None:
    """The kind that a peer's word stands for; None for one that we do not search."""
    return dict(known).get(words)


def _is_count(number: object, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= most
