"""What tests of a replica share: a feed in memory, a clock that is set, a follower that asks without a network."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from unseen.replica.clock import Instant
from unseen.replica.errors import AskFailed
from unseen.replica.follow import Follower
from unseen.replica.invitation import Invitation
from unseen.replica.match import Replica
from unseen.replica.peer import begin
from unseen.replica.tests.feed_server import LivingFeed

NOW = 1_800_000_000


@dataclass
class SetClock:
    """Both clocks, each moved by hand."""

    wall_s: float = NOW
    steady_s: float = 1_000.0
    boot: str = "one"

    def __call__(self) -> Instant:
        return Instant(self.wall_s, self.steady_s, self.boot)

    def pass_s(self, seconds: float) -> None:
        """Time as it should pass."""
        self.wall_s += seconds
        self.steady_s += seconds


@dataclass
class Platform:
    """A platform with a replica of a living feed. `answer`: what the next askings get instead of the feed's page."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    answer: bytes | Exception | None = None
    fresh: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.feed = LivingFeed(lambda: self.clock.wall_s, page_lines=20)
        begin(self.folder, Invitation("https://feed.test", self.feed.name, (self.feed.key,), None))
        self.follower = Follower(self.folder, self, self.clock)
        self.replica = Replica.open(self.folder, self.clock)

    def page(self, after: int, wall_s: float, fresh: bool = False) -> bytes:
        self.fresh.append(fresh)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.feed.page(after) if self.answer is None else self.answer

    def cut_off(self) -> None:
        self.answer = AskFailed("nothing comes through")

    def restart(self) -> None:
        """As after a kill: what was in memory is gone."""
        self.follower.close()
        self.follower = Follower(self.folder, self, self.clock)
        self.replica = Replica.open(self.folder, self.clock)


def value() -> bytes:
    """A drawn fingerprint."""
    return os.urandom(32)


def near(fingerprint: bytes, bits: int) -> bytes:
    """The fingerprint with so many of its bits flipped."""
    flipped = np.unpackbits(np.frombuffer(fingerprint, np.uint8))
    flipped[: bits * 7 : 7] ^= 1
    return np.packbits(flipped).tobytes()
