"""A small feed for tests: a signer, its lines, and pages of it."""

import os
import struct
from dataclasses import dataclass, field

from unseen.feed.follow import Followed
from unseen.feed.lines import LineAction, LineKind, LineOperation, leaves
from unseen.feed.merkle import root_of
from unseen.feed.page import Head, write_page
from unseen.feed.signing import Signer

NOW = 1_800_000_000
FEED = "f0" * 16


def line(sequence: int, operation: LineOperation, entry: bytes, value: bytes = b"") -> bytes:
    """One line; an addition is a PDQ image at level 0."""
    added = operation is LineOperation.ADD
    told = (LineKind.PDQ_IMAGE, 100, 0, LineAction.REVIEW) if added else (0, 0, 0, 0)
    begun = struct.pack(">Q16s6BHII", sequence, entry, operation, *told, 0, 0, 0, 0)
    return begun + (os.urandom(16) + value if added else bytes(48))


@dataclass
class SmallFeed:
    """Grows in memory, and makes any page of itself."""

    signer: Signer = field(default_factory=Signer.new)
    lines: list[bytes] = field(default_factory=list)

    def add(self, value: bytes) -> bytes:
        """Append an addition; the name of its entry."""
        entry = os.urandom(16)
        self.lines.append(line(len(self.lines), LineOperation.ADD, entry, value))
        return entry

    def say(self, operation: LineOperation, entry: bytes) -> None:
        """Append a withdrawal or a suspension."""
        self.lines.append(line(len(self.lines), operation, entry))

    def head(self, start: int, size: int | None = None, now: int = NOW) -> Head:
        """What the feed signs for the lines from `start` to `size`."""
        size = len(self.lines) if size is None else size
        root = root_of(leaves(b"".join(self.lines[:size]))).hex()
        keys = (self.signer.key(NOW + 10**7),)
        return Head(FEED, start, size, root, len(self.lines), now, now + 3600, 86_400, keys)

    def page(self, start: int, size: int | None = None, now: int = NOW) -> bytes:
        """The bytes of that page."""
        head = self.head(start, size, now)
        return write_page(head, b"".join(self.lines[start : head.size]), self.signer)

    def followed(self) -> Followed:
        """The state of a follower that has read nothing."""
        return Followed(FEED, (self.signer.key(NOW + 10**7),))
