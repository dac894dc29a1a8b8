"""The one background loop: ask each stage for due work, do it, repeat.

1. Take this worker's name for ourselves, and take back what a killed predecessor of that name had in hand.
2. Ask every stage, in the order of the flow, to do what is due now; repeat until nothing is.
3. Write down that we are idle at this instant, and when the next thing is due.
4. Sleep until the clock moves.

A stage that fails does not stop the others: what it had in hand waits for its lease to run out.
"""

import fcntl
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from unseen import clock, leases
from unseen.casework import due as casework
from unseen.casework.models import Answer, Item
from unseen.destruction import due as destruction
from unseen.discovery import due as discovery
from unseen.discovery.models import StartPage
from unseen.domain.clock_steps import ClockWatch
from unseen.domain.limits import CLOCK_STEP_MAX
from unseen.exchange import due as exchange
from unseen.hashbank import due as hashbank
from unseen.intake.models import Report
from unseen.journal import queries as journal
from unseen.takedown import answering
from unseen.takedown import due as takedown
from unseen.takedown.actions import dates
from unseen.takedown.models import Notice

LEASED = (Report, Item, Notice, StartPage, Answer)
IDLE_S = 0.003  # how often an idle worker reads the clock file
SYSTEM_IDLE_S = 1.0  # how often it looks for new work when the time is real
FAILURE_PAUSE_S = 5.0

log = logging.getLogger(__name__)


class StageDue(Protocol):
    """The face that every stage shows to the worker."""

    def do_due(self, now: datetime, worker: str) -> int:
        """Do what is due; how many pieces of work that was."""
        ...

    def next_due_at(self) -> datetime | None:
        """When something is due next."""
        ...


STAGES: tuple[StageDue, ...] = (hashbank, casework, answering, takedown, discovery, exchange, destruction)


class NameTaken(Exception):
    """Another living worker uses this name."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What the worker last wrote down about itself."""

    pid: int
    idle_at: str
    next_due_at: str | None


def next_due_at() -> datetime | None:
    """When any stage has something to do next."""
    times = (stage.next_due_at() for stage in STAGES)
    return min((time for time in times if time is not None), default=None)


class Worker:
    """One process that does the background work under one name."""

    def __init__(self, name: str, data_dir: Path) -> None:
        self.name, self._data_dir = name, data_dir
        self._stopping = False
        self._watch = ClockWatch()
        self._holding = False
        self._known_at: datetime | None = None  # it was not earlier than this

    def run(self) -> None:
        """Work until SIGTERM or SIGINT. Raises NameTaken."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        with self._own_name():
            self._prepare()
            self._work()

    def _prepare(self) -> None:
        freed = leases.take_back(LEASED, self.name)
        hashbank.prepare()
        exchange.prepare()
        discovery.prepare(clock.now())
        log.info("worker started, leases taken back", extra={"count": freed})

    def _work(self) -> None:
        idle_at: datetime | None = None
        simulated = settings.UNSEEN.clock.file is not None
        while not self._stopping:
            if simulated and clock.now() == idle_at:
                time.sleep(IDLE_S)
                continue
            reached = self._tick()
            if reached is not None and self._beat(reached):
                idle_at = reached
            if not simulated:
                time.sleep(SYSTEM_IDLE_S)

    def _tick(self) -> datetime | None:
        """Let every stage do what is due; the instant at which all of them had nothing left, if none failed."""
        working = list(STAGES)
        failed = False
        done = 1
        now: datetime | None = None
        while done and not self._stopping:
            # Read anew in each round: a lease that counts from before a long round would end in the middle of a send.
            now = clock.now()
            try:
                if not self._may_act(now):
                    return None
            except DatabaseError as error:
                self._pause("the journal cannot be read; trying again", error)
                return None
            done = 0
            for stage in tuple(working):
                try:
                    done += stage.do_due(now, self.name)
                except Exception:
                    # One bad row must not stop the rest: it stays leased, and this stage is tried again later.
                    log.exception("a stage failed; trying again", extra={"stage": _name_of(stage)})
                    close_old_connections()
                    working.remove(stage)
                    failed = True
        if failed:
            time.sleep(FAILURE_PAUSE_S)
        return None if failed or self._stopping else now

    def _may_act(self, now: datetime) -> bool:
        """Not on the word of a clock that has just jumped. Once it is believed, what it dated ahead is brought back."""
        if self._known_at is None:
            self._known_at = journal.latest_at() or now
        simulated = settings.UNSEEN.clock.file is not None
        if not simulated and not self._watch.believes(now, passed_s(), self._known_at):
            if not self._holding:
                log.error(
                    "the clock jumped: nothing is sent until it is right again, or has stood for an hour"
                )
            self._holding = True
            return False
        self._holding = False
        if self._known_at - now > CLOCK_STEP_MAX:
            changed = dates.bring_back(LEASED, now)
            log.error(
                "the clock ran ahead: what it dated later than now is dated now", extra={"count": changed}
            )
        self._known_at = now
        return True

    def _beat(self, now: datetime) -> bool:
        """Whether it could be written: a full disk or a database that went away ends no worker."""
        try:
            due = next_due_at()
            beat = Heartbeat(os.getpid(), now.isoformat(), due.isoformat() if due else None)
            path = heartbeat_path(self._data_dir, self.name)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(asdict(beat)))
            fresh.replace(path)
        except (OSError, DatabaseError) as error:
            self._pause("the heartbeat cannot be written; trying again", error)
            return False
        return True

    def _pause(self, trouble: str, error: Exception) -> None:
        log.error(trouble, extra={"error": type(error).__name__})
        close_old_connections()
        time.sleep(FAILURE_PAUSE_S)

    @contextmanager
    def _own_name(self) -> Iterator[None]:
        """The lock goes with the process, however it ends."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        with (self._data_dir / f"worker-{self.name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise NameTaken(
                    f"a worker named '{self.name}' is running: stop it, or set UNSEEN_WORKER_NAME to another name"
                ) from None
            yield

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True


def passed_s() -> float:
    """Seconds since the machine was started, sleep included. Nobody can set this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME if sys.platform == "linux" else time.CLOCK_MONOTONIC)


def _name_of(stage: StageDue) -> str:
    return getattr(stage, "__name__", type(stage).__name__)


def heartbeat_path(data_dir: Path, name: str) -> Path:
    """Where a worker of this name writes its heartbeat."""
    return data_dir / f"worker-{name}.json"


def read_heartbeat(data_dir: Path, name: str) -> Heartbeat | None:
    """The last heartbeat of this worker, if it wrote one."""
    try:
        return Heartbeat(**json.loads(heartbeat_path(data_dir, name).read_text()))
    except (OSError, ValueError, TypeError):
        return None
