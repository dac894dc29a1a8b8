"""What the match server asks of whatever holds the fingerprints: a replica of a feed, or a plain bank."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from unseen.feed.lines import Level, LineAction
from unseen.matching import Bank, BankError
from unseen.replica import ReplicaError

UNREADABLE = (BankError, ReplicaError, OSError)
"""What every method of a source raises where its files are damaged or gone."""


@dataclass(frozen=True, slots=True)
class Found:
    """Parallel arrays, one element a hit, ordered by query and distance. What was withdrawn, was suspended or has expired
    is not among them, and after the lease every action is REVIEW.
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
class Lease:
    """Whether matches may be acted on without a person. `until`: Unix seconds; None where no feed is followed."""

    may_act: bool = True
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """How following the feed goes. Times are Unix seconds."""

    head_issued: int
    standing: str  # following, unreachable, distrust ...
    pages_refused: int
    failed_in_a_row: int


@dataclass(frozen=True, slots=True)
class Facts:
    """How the source stands. `following`: None where it follows no feed."""

    fingerprints: int
    following: Following | None = None


class Source(Protocol):
    """Called from several threads at once. Every method raises UNREADABLE."""

    def find(self, queries: NDArray[np.uint8]) -> Found:
        """Every hit of these fingerprints (uint8[N,32]) within the radius."""

    def lease(self) -> Lease:
        """As things are; asked with every match of our own routes, so it must be quick."""

    def facts(self) -> Facts:
        """For a person or a machine that watches."""


class PlainBank:
    """A bank that `unseen bank add` made. Nobody recommended to block what is in it, so every hit is for review."""

    def __init__(self, bank: Bank, radius_bits: int) -> None:
        self._bank = bank
        self._radius_bits = radius_bits

    def find(self, queries: NDArray[np.uint8]) -> Found:
        """Every hit. Raises BankError."""
        hits = self._bank.search(queries, self._radius_bits)
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

    def lease(self) -> Lease:
        """There is none to end: nothing is acted on without a person."""
        return Lease()

    def facts(self) -> Facts:
        """Raises BankError."""
        return Facts(len(self._bank))
