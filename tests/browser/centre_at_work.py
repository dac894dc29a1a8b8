"""A real centre beside the small internet: `unseen serve`, `unseen worker`, and a clock that the story moves."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.remains import files_below, remains
from unseen.demo.world import WORKER, World, stop
from unseen.testing.internet.truth import Copy
from unseen.worker import read_heartbeat

AT_REST_WITHIN_S = 120.0  # real seconds; a worker that needs longer for one instant hangs
STEP_MIN = timedelta(seconds=1)
SAY = """
import sys
from unseen.cli.setup_django import setup_django
setup_django()
from unseen.clock import now
from unseen.intake.actions import say
from unseen.intake.queries import report_of
say(report_of(sys.argv[1]), sys.argv[2], from_centre=True, now=now())
"""


@dataclass
class CentreAtWork:
    """The processes of a centre, seen from outside: its address, its folder, its clock."""

    world: World

    @property
    def door(self) -> str:
        return f"http://{self.world.environment['UNSEEN_BIND']}/en/door"

    def copy(self, platform: str, material: str) -> Copy:
        """The oldest copy of a material that a platform has ever held, as it is now."""
        (copy, *_) = [
            one
            for one in self.world.internet.truth.copies()
            if (one.platform, one.material) == (platform, material)
        ]
        return copy

    def is_served(self, copy: Copy) -> bool:
        """The truth, which the engine never sees: does anybody still get it?"""
        return self.world.internet.truth.served_to_anyone(copy)

    def notices_about(self, copy: Copy, to: str) -> int:
        """How many notices about it truly arrived there."""
        arrived = self.world.internet.truth.notices()
        return sum(one.party == to and copy.page_url in one.locations for one in arrived)

    def writes(self, receipt: str, text: str) -> None:
        """Somebody of the staff sends the reporter a message."""
        command = [sys.executable, "-c", SAY, receipt, text]
        done = subprocess.run(
            command, env=self.world.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def hours_pass(self, hours: float, until: Callable[[], bool] = lambda: False) -> None:
        """Whatever is due or happens in this time is done at its own instant; it ends early when `until` holds."""
        ends_at = self.world.now() + timedelta(hours=hours)
        while self.world.now() < ends_at and not until():
            self.world.move_to(self._next_instant(ends_at))
            self.worker_comes_to_rest()

    def case_keys(self) -> list[bytes]:
        """The keys of all cases, wrapped as the database holds them: whoever finds one can read that case."""
        database = self.world.folder / "data" / "unseen.sqlite3"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as outside:
            return [bytes(wrapped) for (wrapped,) in outside.execute("SELECT wrapped FROM keys_casekey")]

    def has(self, needles: Sequence[bytes]) -> set[str]:
        """Which of these can be read from any file of the data folder, the inbox or the logs."""
        folder = self.world.folder
        inbox = self.world.internet.inbox
        return remains(needles, [*files_below(folder / "data", inbox), *folder.glob("*.log")])

    def has_sent(self, needles: Sequence[bytes]) -> set[str]:
        """Which of these can be read from the mail that arrived outside."""
        return remains(needles, files_below(self.world.internet.sent_archive))

    def _next_instant(self, ends_at: datetime) -> datetime:
        beat = read_heartbeat(self.world.folder / "data", WORKER)
        due = datetime.fromisoformat(beat.next_due_at) if beat is not None and beat.next_due_at else ends_at
        happens = self.world.internet.next_event_at() or ends_at
        return max(min(due, happens, ends_at), self.world.now() + STEP_MIN)

    def worker_comes_to_rest(self) -> None:
        """Wait until nothing is left to do at this instant."""
        wanted = self.world.now().isoformat()
        until = time.monotonic() + AT_REST_WITHIN_S
        while time.monotonic() < until:
            beat = read_heartbeat(self.world.folder / "data", WORKER)
            if beat is not None and beat.idle_at == wanted:
                return
            time.sleep(0.005)
        raise AssertionError(f"the worker does not come to rest: see {self.world.folder / 'worker.log'}")


@contextmanager
def centre_at_work(folder: Path) -> Iterator[CentreAtWork]:
    """A new centre in `folder`, its door open and its worker at work."""
    folder.mkdir()
    world = World(folder, liars=())
    # Ana does not ask to be searched for; without sweeps of every platform the days pass in seconds.
    world.environment = {
        name: value for name, value in world.environment.items() if name != "UNSEEN_START_PAGES"
    }
    with world.internet:
        server = world.start("serve")
        worker = None
        try:
            world.wait_for_server(server)
            worker = world.start("worker")
            centre = CentreAtWork(world)
            centre.worker_comes_to_rest()
            yield centre
        finally:
            if worker is not None:
                stop(worker)
            stop(server)
