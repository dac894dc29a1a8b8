"""What the client keeps of a feed between two fetches. It pickles these classes, so their fields are plain values."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from threatexchange.exchanges import fetch_state
from threatexchange.exchanges.fetch_state import SignalOpinion, SignalOpinionCategory

from unseen.feed.follow import Followed
from unseen.feed.lines import Level, LineAction, LineKind, LineOperation, Lines, erased
from unseen.feed.merkle import Frontier
from unseen.feed.signing import FeedKey


class Standing(StrEnum):
    """What an entry's last line said."""

    LIVE = "live"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@dataclass
class FeedCheckpoint(fetch_state.FetchCheckpointBase):
    """Where we stand in the feed, and what proves that the next page follows it."""

    feed: str
    keys: list[tuple[str, int]]
    size: int = 0
    roots: list[str] = field(default_factory=list)
    issued: int = 0
    log_size: int = 0
    lease_s: int = 0

    def get_progress_timestamp(self) -> int:
        """When the last head was signed."""
        return self.issued

    @classmethod
    def of(cls, state: Followed) -> "FeedCheckpoint":
        """To be kept."""
        return cls(
            state.feed,
            [(key.public.hex(), key.until) for key in state.keys],
            state.frontier.size,
            [root.hex() for root in state.frontier.roots],
            state.issued,
            state.log_size,
            state.lease_s,
        )

    def followed(self) -> Followed:
        """To go on from."""
        return Followed(
            self.feed,
            tuple(FeedKey(bytes.fromhex(public), until) for public, until in self.keys),
            Frontier(self.size, tuple(bytes.fromhex(root) for root in self.roots)),
            self.issued,
            self.log_size,
            self.lease_s,
        )


@dataclass
class Part:
    """One fingerprint of an entry: a picture, or a frame of a video."""

    pdq: str
    level: int
    action: int
    expires: int


@dataclass
class EntryState:
    """An entry, or (under the empty name) until when the feed may be acted on."""

    standing: Standing = Standing.LIVE
    parts: dict[int, Part] = field(default_factory=dict)
    act_until: int = 0


LEASE = ""
"""The name under which the lease is kept; no entry has it."""


@dataclass
class UnseenSignalMetadata(fetch_state.FetchedSignalMetadata):
    """What is shown with a match."""

    entry: str
    level: int
    action: int
    expires: int
    act_until: int

    def get_as_opinions(self) -> list[SignalOpinion]:
        """For review where the level says so, and always when the lease or the entry is over."""
        now = time.time()
        sure = self.level >= Level.ORGANISATION and self.action == LineAction.BLOCK
        in_time = now < self.act_until and (not self.expires or now < self.expires)
        category = (
            SignalOpinionCategory.POSITIVE_CLASS
            if sure and in_time
            else SignalOpinionCategory.INVESTIGATION_SEED
        )
        return [SignalOpinion(False, category, {f"entry={self.entry}"})]

    def __str__(self) -> str:
        category = self.get_as_opinions()[0].category.name
        return (
            f"{category} level={self.level} action={LineAction(self.action).name.lower()} entry={self.entry}"
        )


def merged(old: EntryState | None, new: EntryState) -> EntryState:
    """What stands after both. A withdrawal is final, whatever comes later."""
    if old is None or new.standing is Standing.WITHDRAWN:
        return new
    if old.standing is Standing.WITHDRAWN:
        return old
    if new.standing is Standing.SUSPENDED or old.standing is Standing.SUSPENDED:
        return new
    return EntryState(Standing.LIVE, old.parts | new.parts, new.act_until or old.act_until)


def states_of(lines: Lines) -> Iterable[tuple[str, EntryState]]:
    """What each line says of its entry, in order. A SHA-256 says nothing that this client could search."""
    gone: np.ndarray = erased(lines)
    for line, emptied in zip(lines, gone, strict=True):
        entry = bytes(line["entry"]).hex()
        operation = int(line["operation"])
        if operation == LineOperation.WITHDRAW:
            yield entry, EntryState(Standing.WITHDRAWN)
        elif operation == LineOperation.SUSPEND:
            yield entry, EntryState(Standing.SUSPENDED)
        elif not emptied and int(line["kind"]) in {LineKind.PDQ_IMAGE, LineKind.PDQ_FRAME}:
            part = Part(
                bytes(line["value"]).hex(), int(line["level"]), int(line["action"]), int(line["expires"])
            )
            yield entry, EntryState(Standing.LIVE, {int(line["part"]): part})
