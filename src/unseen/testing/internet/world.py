"""What all parties share: simulated time and its events, the notices received, the requests seen."""

import heapq
import itertools
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from unseen.testing.clock import Clock
from unseen.testing.internet.mailbox import Maildir
from unseen.testing.internet.notice import ReceivedNotice

if TYPE_CHECKING:
    from unseen.testing.internet.party import Party
    from unseen.testing.internet.platform import Platform
    from unseen.testing.internet.post import Post

Event = Callable[[datetime], None]


@dataclass(frozen=True)
class Request:
    """One page or media request as the server saw it; `at` is simulated time."""

    address: str
    agent: str
    host: str
    path: str
    at: datetime
    status: int


@dataclass
class World:
    """All that changes is behind `lock`; results depend on simulated time and notices, not on threads."""

    clock: Clock
    inbox: Maildir
    port: int = 0
    parties: "dict[str, Party]" = field(default_factory=dict)
    platforms: "dict[str, Platform]" = field(default_factory=dict)
    notices: list[ReceivedNotice] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    names_kept_back: dict[str, set[str]] = field(default_factory=dict)  # country of a resolver -> names
    on_wire: Callable[[str, int], None] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    _events: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)
    _seen_on_wire: Counter[str] = field(default_factory=Counter)
    _known_ids: set[tuple[str, str]] = field(default_factory=set)

    def later(self, start: datetime, hours: float, event: Event) -> None:
        heapq.heappush(self._events, (start + timedelta(hours=hours), next(self._order), event))

    def next_event_at(self) -> datetime | None:
        with self.lock:
            return self._events[0][0] if self._events else None

    def advance(self, now: datetime) -> None:
        """Run every event up to and including `now` in time order; an event gets its own time, not `now`."""
        with self.lock:
            while self._events and self._events[0][0] <= now:
                at, _, event = heapq.heappop(self._events)
                event(at)

    def settle(self) -> datetime:
        """The current instant, after everything that had to happen by then has happened."""
        now = self.clock.now()
        self.advance(now)
        return now

    def receive(self, notice: ReceivedNotice) -> ReceivedNotice:
        """Record the notice and let its addressee act on it, unless they had it before (a replay)."""
        with self.lock:
            ids = {
                (notice.party or notice.recipient, each)
                for each in (notice.message_id, notice.notice_id)
                if each
            }
            notice = replace(notice, replay=bool(ids & self._known_ids))
            self._known_ids |= ids
            self.notices.append(notice)
            if not notice.replay and notice.party in self.parties:
                self.parties[notice.party].receive(notice)
            return notice

    def find(self, location: str) -> "tuple[Platform, Post] | None":
        """The post whose page or media is at this location, if any."""
        try:
            parts = urlsplit(location)
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        for platform in self.platforms.values():
            if host in platform.hosts:
                post = platform.post_at(parts.path)
                return (platform, post) if post else None
        return None

    def wire(self, event: str) -> None:
        """Tell the kill harness that this moment has come; never called with the lock held."""
        with self.lock:
            self._seen_on_wire[event] += 1
            count = self._seen_on_wire[event]
        if self.on_wire is not None:
            self.on_wire(event, count)
