"""Run the demonstration: file the reports, move the clock from event to event, keep the worker alive, look at the truth."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from unseen.demo.killer import Killer
from unseen.demo.result import CurvePoint
from unseen.demo.upload_doors import UploadDoors
from unseen.demo.wire import Recorder
from unseen.demo.world import STARTS_AT, WORKER, DemoFailed, World, stop
from unseen.worker import read_heartbeat

LASTS = timedelta(days=32)
WITHDRAWN_AFTER = timedelta(hours=30)
# A replica asks every 20 seconds; this is when somebody tries the upload doors again.
DOORS_LEARN_WITHIN = timedelta(minutes=2)
TICK_WITHIN_S = 120.0  # real seconds; a worker that needs longer for one instant hangs
STEP_MIN = timedelta(seconds=1)
LOOK_EVERY_S = 0.003


@dataclass
class Run:
    """One run of the whole path, and all that the judges need to know about it."""

    world: World
    killer: Killer
    progress: Callable[[float], None]
    curve: list[CurvePoint] = field(default_factory=list)
    sent_to_intake: bytes = b""
    receipts: list[str] = field(default_factory=list)
    withdrawn_at: datetime | None = None
    doors: UploadDoors = field(init=False)
    _worker: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.doors = UploadDoors(self.world)

    def carry_out(self, open_items: Callable[[], int]) -> None:
        """From the first report to the last recheck."""
        self._file_reports()
        self.doors.invite()
        self.world.internet.on_wire = self.killer.on_wire
        self._start_worker()
        ends_at = STARTS_AT + LASTS
        try:
            while True:
                self._until_idle()
                now = self.world.now()
                self.curve.append(CurvePoint(self.world.hours(now), self._served(), open_items()))
                self.progress(min(1.0, (now - STARTS_AT) / LASTS))
                if now >= ends_at:
                    break
                if self.withdrawn_at is None and now >= STARTS_AT + WITHDRAWN_AFTER:
                    self.doors.be_tried(after_withdrawal=False)
                    self._withdraw()
                    continue
                if self._doors_due_at(now) <= now:
                    self.doors.be_tried(after_withdrawal=True)
                self.world.move_to(self._next_instant(now, ends_at))
            self._finish_kills()
        finally:
            if self._worker is not None:
                stop(self._worker)

    def _file_reports(self) -> None:
        """The first case by the intake API, watched on the wire; the second one on the centre's own machine."""
        server = self.world.start("serve")
        try:
            self.world.wait_for_server(server)
            with Recorder(self.world.environment["UNSEEN_BIND"]) as recorder:
                printed = self.world.run(
                    "report", *self._words("first", "--to", recorder.address, "--may-share")
                )
            self.sent_to_intake = recorder.sent
        finally:
            stop(server)
        self.receipts.append(json.loads(printed)["receipt"])
        printed = self.world.run("report", *self._words("second", "--may-share"))
        self.receipts.append(json.loads(printed)["receipt"])

    def _words(self, case: str, *options: str) -> list[str]:
        internet = self.world.internet
        files = [str(material.path) for material in internet.material.values() if material.case == case]
        names = {name for name, material in internet.material.items() if material.case == case}
        # The reporter knows one place for each of the first two materials; scanning finds the others.
        known = {
            copy.material: copy.page_url
            for copy in reversed(internet.truth.copies())
            if copy.material in names
        }
        places = [word for page in list(known.values())[:2] for word in ("--location", page)]
        return [*files, *places, "--age-band", "adult", *options]

    def _start_worker(self) -> None:
        self._worker = self.world.start("worker")
        self.killer.watch(self._worker)

    def _until_idle(self) -> None:
        """Wait until the worker has nothing left to do at this instant; start it again whenever it was killed."""
        wanted = self.world.now().isoformat()
        until = time.monotonic() + TICK_WITHIN_S
        data_dir = self.world.folder / "data"
        while time.monotonic() < until:
            assert self._worker is not None
            if self._worker.poll() is not None:
                self._replace_worker()
            beat = read_heartbeat(data_dir, WORKER)
            if beat is not None and beat.pid == self._worker.pid and beat.idle_at == wanted:
                return
            time.sleep(LOOK_EVERY_S)
        raise DemoFailed(
            f"the worker does not come to rest at {wanted}: see {self.world.folder / 'worker.log'}"
        )

    def _replace_worker(self) -> None:
        assert self._worker is not None
        if self._worker.returncode != -9:
            raise DemoFailed(
                f"the worker ended by itself with {self._worker.returncode}: see {self.world.folder / 'worker.log'}"
            )
        # What the dead worker had on the line arrives or breaks off before the next one looks it up.
        self.world.internet.quiet(5.0)
        self._start_worker()

    def _finish_kills(self) -> None:
        while self.killer.left:
            self.killer.finish_one()
            self._until_idle()

    def _withdraw(self) -> None:
        self.world.run("withdraw", self.receipts[1])
        self.withdrawn_at = self.world.now()
        self.world.move_to(self.withdrawn_at + STEP_MIN)

    def _next_instant(self, now: datetime, ends_at: datetime) -> datetime:
        beat = read_heartbeat(self.world.folder / "data", WORKER)
        due = datetime.fromisoformat(beat.next_due_at) if beat is not None and beat.next_due_at else ends_at
        happens = self.world.internet.next_event_at() or ends_at
        withdrawal = STARTS_AT + WITHDRAWN_AFTER if self.withdrawn_at is None else ends_at
        return max(min(due, happens, withdrawal, self._doors_due_at(ends_at), ends_at), now + STEP_MIN)

    def _doors_due_at(self, otherwise: datetime) -> datetime:
        """When the upload doors are tried after the withdrawal; later than `otherwise` where that is done or not yet due."""
        if self.withdrawn_at is None or self.doors.were_tried_again:
            return otherwise + STEP_MIN
        return self.withdrawn_at + DOORS_LEARN_WITHIN

    def _served(self) -> int:
        truth = self.world.internet.truth
        return sum(truth.served_to_anyone(copy) for copy in truth.copies())
