"""What the match server asks of whatever holds the fingerprints: a replica of a feed, or a plain bank."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from unseen.feed.lines import Level, LineAction
from unseen.matching import Bank


@dataclass(frozen=True, slots=True)
class Found:
    """Parallel arrays, one element a hit, ordered by query and distance. What was withdrawn, suspended or has expired is
    not among them, and after the lease every action is REVIEW.
    """

    query: NDArray[np.int64]  # which fingerprint of those asked
    content: NDArray[np.uint64]  # a number of this machine; HMA's bank_content_id
    distance_bits: NDArray[np.uint16]
    action: NDArray[np.uint8]  # LineAction
    level: NDArray[np.uint8]  # Level
    entry: NDArray[np.void]  # V16

    def __len__(self) -> int:
        return len(self.query)


NOTHING = Found(
    np.empty(0, np.int64),
    np.empty(0, np.uint64),
    np.empty(0, np.uint16),
    np.empty(0, np.uint8),
    np.empty(0, np.uint8),
    np.empty(0, "V16"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """How the source stands. Times are Unix seconds; None where it follows no feed."""

    fingerprints: int
    head_issued: int | None = None
    may_act_until: int | None = None
    may_act: bool = True  # by every clock that the source trusts
    pages_refused: int = 0
    quarantined: int = 0


class Source(Protocol):
    """Called from several threads at once."""

    def find(self, queries: NDArray[np.uint8]) -> Found:
        """Every hit of these fingerprints (uint8[N,32]) within the radius. Raises BankError where the files are damaged."""

    def facts(self) -> Facts:
        """Raises BankError where the files are damaged."""


class PlainBank:
    """A bank that `unseen bank add` made. Nobody recommended to block what is in it, so every hit is for review."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def find(self, queries: NDArray[np.uint8]) -> Found:
        """Every hit. Raises BankError."""
        hits = self._bank.search(queries)
        count = len(hits)
        if not count:
            return NOTHING
        return Found(
            hits.query,
            hits.id,
            hits.distance_bits,
            np.full(count, LineAction.REVIEW, np.uint8),
            np.full(count, Level.SELF_ASSERTED, np.uint8),
            np.zeros(count, "V16"),
        )

    def facts(self) -> Facts:
        """Raises BankError."""
        return Facts(len(self._bank))
