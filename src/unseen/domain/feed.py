"""What a peer may see of our hash bank: entries that point to nobody, and withdrawals that reach everybody."""

from dataclasses import dataclass
from enum import StrEnum

from unseen.domain.limits import QUALITY_MIN


class FeedOperation(StrEnum):
    """What a feed entry says about a fingerprint."""

    ADD = "add"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One line of the hash feed. No case, no time of report, nothing that links two entries (promise 9)."""

    sequence: int
    entry: str  # random, for this feed only
    operation: FeedOperation
    pdq: str  # 64 hex digits; empty when withdrawn
    quality: int


def may_be_shared(*, quality: int, consented: bool, withdrawn: bool) -> bool:
    """Only with the person's consent, only fingerprints that prove something, never after withdrawal."""
    return consented and not withdrawn and quality >= QUALITY_MIN
