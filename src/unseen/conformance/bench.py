"""What a case has in hand: one feed, one consumer that follows it, and what to expect of the two."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from unseen.conformance.consumer import Consumer, ConsumerError, Matched
from unseen.conformance.feed import KitFeed, served
from unseen.feed.lines import LineOperation

_BITS = 256


class Broken(Exception):
    """The consumer did what it must not, or not what it must; the text says which."""


class NotHere(Exception):
    """This case cannot be made with this consumer; the text says why."""


@dataclass
class Bench:
    """Of one case."""

    consumer: Consumer
    address: str
    folder: Path
    feed: KitFeed
    drawn: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - drawn pictures are no secret

    def value(self) -> bytes:
        """A fingerprint of noise: 32 bytes, far from every other one."""
        return self.drawn.randbytes(32)

    def near(self, value: bytes, bits: int) -> bytes:
        """The same with so many bits flipped."""
        number = int.from_bytes(value)
        for bit in self.drawn.sample(range(_BITS), bits):
            number ^= 1 << bit
        return number.to_bytes(32)

    def begin(self) -> None:
        """The consumer forgets all else and follows this feed."""
        invitation = self.feed.invitation(self.address)
        self.consumer.ask({"ask": "begin", "folder": str(self.folder), "invitation": invitation})

    def resume(self) -> None:
        """The consumer goes on from what it keeps in its folder."""
        self.consumer.ask({"ask": "begin", "folder": str(self.folder), "invitation": None})

    def follow(self) -> int:
        """The consumer reads to the end, or as far as it accepts; the lines that it has accepted by now."""
        lines = self.consumer.ask({"ask": "follow"}).get("lines")
        if type(lines) is not int or lines < 0:
            raise ConsumerError("the answer to `follow` has no whole number `lines`")
        return lines

    def must_follow(self, lines: int, why: str) -> None:
        """Raises Broken where it accepted more or fewer."""
        found = self.follow()
        if found != lines:
            raise Broken(f"{why}: it stands at line {found} and should stand at {lines}")

    def matches(self, value: bytes, kind: str = "pdq") -> list[Matched]:
        """What the consumer would do with an upload of this fingerprint."""
        told = self.consumer.ask({"ask": "match", "kind": kind, "value": value.hex()}).get("matches")
        if not isinstance(told, list):
            raise ConsumerError("the answer to `match` has no list `matches`")
        return [Matched(str(one.get("entry")), str(one.get("action"))) for one in told]

    def must_match(self, value: bytes, entry: str, action: str | None = None, kind: str = "pdq") -> None:
        """Raises Broken where this entry, with this action, is not among the matches."""
        found = self.matches(value, kind)
        if not any(one.entry == entry and action in (None, one.action) for one in found):
            wanted = f"{entry} ({action})" if action else entry
            raise Broken(f"an upload should match {wanted}; the matches are {found or 'none'}")

    def must_not_match(self, value: bytes, why: str, kind: str = "pdq") -> None:
        """Raises Broken where anything matches."""
        found = self.matches(value, kind)
        if found:
            raise Broken(f"{why}: it still matches {found[0].entry}")

    def added_and_followed(self) -> tuple[bytes, str]:
        """A value and its entry that the consumer knows, and one more so that no index holds a single entry."""
        value = self.value()
        entry = self.feed.add(value)
        self.feed.add(self.value())
        self.begin()
        self.must_follow(len(self.feed.lines), "a plain feed is read to its end")
        self.must_match(value, entry)
        return value, entry

    def withdraw(self, entry: str) -> None:
        """Said in the feed; the consumer has not read it."""
        self.feed.say(LineOperation.WITHDRAW, entry)

    def wait(self, seconds: float) -> None:
        """Real time: the kit cannot set the consumer's clock."""
        time.sleep(seconds)


@contextmanager
def bench(consumer: Consumer, host: str = "127.0.0.1") -> Iterator[Bench]:
    """A fresh feed and folder for one case."""
    feed = KitFeed()
    with TemporaryDirectory(prefix="unseen-kit-") as folder, served(feed, host) as address:
        yield Bench(consumer, address, Path(folder), feed)
