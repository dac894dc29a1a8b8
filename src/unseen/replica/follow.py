"""Follows a feed: asks until it is at the end, then again every 20 seconds. Nothing that is refused moves anything."""

import logging
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from unseen.feed.follow import Followed, accept
from unseen.feed.refusals import PageRefused
from unseen.replica.clock import Clock
from unseen.replica.errors import AskFailed
from unseen.replica.health import Health, Standing, read_health, write_health
from unseen.replica.store import Store

ASK_EVERY_S = 20.0  # a withdrawal must be honoured within 120 s: five askings, one after the other, may fail
SPREAD_S = 5.0  # so that the replicas of one feed do not ask in step
_BACK_OFF_MAX_S = 40.0  # after the network heals, the next asking is near
BATCH_LINES = 500_000  # stored at once while catching up: 44 MB, and one write of the bank's files

_log = logging.getLogger(__name__)


class Asks(Protocol):
    """Where pages come from."""

    def page(self, after: int, wall_s: float, fresh: bool = False) -> bytes:
        """Raises AskFailed."""


class Follower:
    """One replica's follower, and the only writer of its folder."""

    def __init__(self, folder: Path, asks: Asks, clock: Clock) -> None:
        """Raises ReplicaError, BankError, OSError."""
        self.store = Store(folder)
        self._asks = asks
        self._clock = clock
        self.health = read_health(folder)

    def close(self) -> None:
        """Others may follow into the folder afterwards."""
        self.store.close()

    def turn(self) -> float:
        """Ask until there is no more, and store it. Returns how many seconds to wait. Raises BankError, OSError (then
        begin again with a new Follower).
        """
        before = self.health
        try:
            self._catch_up()
        except AskFailed as trouble:
            self.health = self._unreachable(trouble)
        except PageRefused as trouble:
            self.health = self._distrust(trouble)
        else:
            now = self._clock().now
            self.health = replace(
                before,
                standing=Standing.FOLLOWING,
                asked_at=now,
                accepted_at=now,
                failed_in_a_row=0,
                trouble="",
            )
        self.store.sweep(self._clock())
        write_health(self.store.folder, self.health)
        return self._wait_s()

    def _catch_up(self) -> None:
        """Raises what stopped it, after what came before is stored."""
        followed, pages = self.store.state.followed, list[bytes]()
        fresh = self.health.standing is Standing.DISTRUST
        try:
            while True:
                start = followed.frontier.size
                raw = self._asks.page(start, self._clock().wall_s, fresh)
                followed, lines = accept(followed, raw, self._clock().now)
                pages.append(lines.tobytes())
                size = followed.frontier.size
                if size in (start, followed.log_size):
                    return
                if size - self.store.state.size >= BATCH_LINES:
                    self._store(followed, pages)
        finally:
            self._store(followed, pages)

    def _store(self, followed: Followed, pages: list[bytes]) -> None:
        if pages:
            self.store.commit(followed, pages, self._clock())
            _log.info("pages were stored", extra={"count": len(pages)})
            pages.clear()

    def _unreachable(self, trouble: AskFailed) -> Health:
        was = self.health
        _log.warning(
            "the feed gave no page", extra={"error": type(trouble).__name__, "count": was.failed_in_a_row + 1}
        )
        return replace(
            was,
            standing=Standing.UNREACHABLE,
            asked_at=self._clock().now,
            failed=was.failed + 1,
            failed_in_a_row=was.failed_in_a_row + 1,
            trouble=str(trouble),
        )

    def _distrust(self, trouble: PageRefused) -> Health:
        was, kind = self.health, type(trouble).__name__
        count = was.refused.get(kind, 0) + 1
        _log.error("a page of the feed was refused", extra={"error": kind, "count": count})
        return replace(
            was,
            standing=Standing.DISTRUST,
            asked_at=self._clock().now,
            failed_in_a_row=was.failed_in_a_row + 1,
            refused={**was.refused, kind: count},
            trouble=f"{kind}: {trouble}",
        )

    def _wait_s(self) -> float:
        spread_s = secrets.randbelow(1000) * SPREAD_S / 1000
        if self.health.failed_in_a_row:
            return float(min(_BACK_OFF_MAX_S, 2.0**self.health.failed_in_a_row)) + spread_s
        return ASK_EVERY_S + spread_s
