"""What stands in for the network in a worker: a channel, a looker and a recogniser that answer from memory."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from unittest.mock import patch

from benchmarks.nation.platforms import Platforms, item_at, material_of
from unseen.domain.match import Match
from unseen.fetch.addresses import Address
from unseen.fetch.answers import Fetched, Headers
from unseen.fetch.fetcher import Accept
from unseen.fetch.locations import Location
from unseen.fetch.vantage import Vantage
from unseen.takedown import due
from unseen.takedown.channels.envelope import (
    Delivered,
    Envelope,
    LookUpResult,
    NotThere,
    Part,
    Preview,
    SendResult,
)
from unseen.takedown.directory.party import ChannelKind

SEND_LASTS_S = float(os.environ.get("NATION_SEND_LASTS_S", "0"))  # so that a kill can strike in the middle
VANTAGES = (
    Vantage("office", "KR", "127.9.0.1", None, "Unseen/1", own_address=True),
    Vantage("berlin", "DE", "127.9.0.3", None, "Mozilla/5.0"),
    Vantage("dallas", "US", "127.9.0.4", None, "Mozilla/5.0"),
)
_PAGE = '<!doctype html><html><head><title>v {item}</title></head><body><p>Uploaded.</p><img src="/m/{item}.jpg"></body></html>'
_MISSING = b"<!doctype html><html><head><title>Not found</title></head><body><p>Not found</p></body></html>"


@dataclass(frozen=True)
class MemoryChannel:
    """Takes every notice at once."""

    platforms: Platforms

    @property
    def remembers(self) -> bool:
        """They can be asked."""
        return True

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        items = [item_at(place) for place in envelope.locations if "/m/" not in place]
        time.sleep(SEND_LASTS_S)
        self.platforms.take(envelope.key, items, envelope.to, now)
        return Delivered(f"250 queued as {envelope.key}")

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        there = self.platforms.has(envelope.key)
        return Delivered("found by its id") if there else NotThere()

    def preview(self, envelope: Envelope) -> Preview:
        return Preview((Part("Text", envelope.body),))


@dataclass(frozen=True)
class MemoryLooker:
    """Answers with a page or a medium, as a web server would; no host asks us to wait."""

    platforms: Platforms
    vantages: tuple[Vantage, ...] = VANTAGES

    @property
    def fetcher(self) -> "MemoryLooker":
        """Of it only the addresses of a host are asked."""
        return self

    def addresses(self, location: Location, vantage: Vantage) -> tuple[Address, ...]:
        """None besides the one that `get` asks."""
        return ()

    def get(
        self,
        location: Location,
        vantage: Vantage,
        accept: Accept,
        now: datetime,
        *,
        only_at: Address | None = None,
    ) -> Fetched:
        item = item_at(location.path)
        if not self.platforms.is_up(item, now):
            return Fetched(location, 404, (), Headers("text/html; charset=utf-8"), _MISSING, 0.0)
        if accept == "media":
            return Fetched(location, 200, (), Headers("image/jpeg"), str(item).encode(), 0.0)
        body = _PAGE.format(item=item).encode()
        return Fetched(location, 200, (), Headers("text/html; charset=utf-8"), body, 0.0)

    def not_before(self, location: Location, vantage: Vantage, now: datetime) -> datetime | None:
        return None


class MemoryRecogniser:
    """Knows which material a medium shows. Fingerprints and search have benchmarks of their own."""

    def matches(self, body: bytes) -> tuple[Match, ...]:
        return (Match(str(material_of(int(body))), 4, "mirror"),)


@contextmanager
def in_place(platforms: Platforms) -> Iterator[None]:
    """Takedown sends to and looks at these platforms, and at nothing else."""
    channel, looker, recogniser = MemoryChannel(platforms), MemoryLooker(platforms), MemoryRecogniser()

    def open_channel(kind: ChannelKind) -> MemoryChannel:
        return channel

    with ExitStack() as stack:
        stack.enter_context(patch.object(due, "open_channel", open_channel))
        stack.enter_context(patch.object(due, "looker", lambda: looker))
        stack.enter_context(patch.object(due, "recogniser", lambda: recogniser))
        yield
