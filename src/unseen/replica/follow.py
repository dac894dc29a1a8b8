"""Follows a feed: asks until it is at the end, then again every 20 seconds. Nothing that is refused moves anything."""

import logging
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from unseen.feed.follow import Followed, accept
from unseen.feed.lines import Lines
from unseen.feed.refusals import PageRefused
from unseen.replica.clock import Clock
from unseen.replica.errors import AskFailed
from unseen.replica.heads import Heads, head_of
from unseen.replica.health import Health, Standing, read_health, write_health
from unseen.replica.lines_file import joined
from unseen.replica.store import Store

ASK_EVERY_S = 20.0  # a withdrawal must be honoured within 120 s: five askings, one after the other, may fail
SPREAD_S = 5.0  # so that the replicas of one feed do not ask in step
_BACK_OFF_MAX_S = 40.0  # after the network heals, the next asking is near
BATCH_LINES = 2_000_000  # stored at once while catching up: 176 MB; smaller ones rewrite the bank more often

_log = logging.getLogger(__name__)


class Asks(Protocol):
    """Where pages come from."""

    def page(self, after: int, wall_s: float, fresh: bool = False) -> bytes:
        """Raises AskFailed."""


class _Storing:
    """Collects what was accepted and stores it in batches, in a thread: the next pages are checked meanwhile."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._followed = store.state.followed
        self._pages: list[Lines] = []
        self._lines = 0
        self._thread = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._thread:
            self._begin(more_comes=False)
            self._wait()

    def take(self, followed: Followed, lines: Lines) -> None:
        """One accepted page more. Raises what storing earlier ones raised."""
        self._followed = followed
        self._pages.append(lines)
        self._lines += len(lines)
        if self._lines >= BATCH_LINES:
            self._begin(more_comes=True)

    def _begin(self, more_comes: bool) -> None:
        self._wait()
        if self._pages:
            _log.info("pages are stored", extra={"count": len(self._pages)})
            new, self._pages, self._lines = joined(self._pages), [], 0
            self._last = self._thread.submit(
                self._store.commit, self._followed, new, self._clock(), more_comes
            )

    def _wait(self) -> None:
        if self._last is not None:
            last, self._last = self._last, None
            last.result()


class Follower:
    """One replica's follower, and the only writer of its folder."""

    def __init__(self, folder: Path, asks: Asks, clock: Clock) -> None:
        """Raises ReplicaError, BankError, OSError."""
        self.store = Store(folder)
        self._asks = asks
        self._clock = clock
        self._heads = Heads(folder)
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
        self._heads.write()
        write_health(self.store.folder, self.health)
        return self._wait_s()

    def _catch_up(self) -> None:
        """Raises what stopped it, after what came before is stored."""
        followed = self.store.state.followed
        fresh = self.health.standing is Standing.DISTRUST
        with _Storing(self.store, self._clock) as storing:
            while True:
                start = followed.frontier.size
                raw = self._asks.page(start, self._clock().wall_s, fresh)
                followed, lines = accept(followed, raw, self._clock().now)
                storing.take(followed, lines)
                self._heads.keep(head_of(raw, lines.nbytes), self._clock().now)
                if followed.frontier.size in (start, followed.log_size):
                    return

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
