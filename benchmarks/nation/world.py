"""The centre of the benchmark: a data folder, a simulated clock, and the worker processes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks.nation.platforms import party_files
from unseen.testing.clock import FileClock

STARTS_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday on which the laws that are named are in force
LOOKS_EVERY_S = 0.002
LETTERS_A_KILL = 12


class WorkerDied(RuntimeError):
    """A worker process ended by itself; its log says why."""


def environment(folder: Path, database: str) -> Mapping[str, str]:
    """What the centre's processes are told; nothing of the caller's own options reaches them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNSEEN_")}
    kept.pop("DATABASE_URL", None)
    parties = folder / "parties"
    parties.mkdir(parents=True)
    for key, text in party_files():
        (parties / f"{key}.toml").write_text(text)
    return kept | {
        "DJANGO_SETTINGS_MODULE": "unseen.config.settings",
        "DATABASE_URL": database,
        "UNSEEN_DATA_DIR": str(folder / "data"),
        "UNSEEN_SECRET_KEY": "only-for-a-benchmark-" * 3,
        "UNSEEN_ORGANISATION": "Support Centre Example",
        "UNSEEN_ORGANISATION_EMAIL": "notices@centre.example",
        "UNSEEN_SIGNATORY": "Head of the deletion team",
        "UNSEEN_COUNTRY": "KR",
        "UNSEEN_DIRECTORY": str(parties),
        "UNSEEN_SHIPPED_DIRECTORY": "false",
        "UNSEEN_LOG_LEVEL": "WARNING",
        "UNSEEN_CLOCK": f"file:{folder / 'clock'}",
    }


class Centre:
    """Clock and workers of one run."""

    def __init__(self, folder: Path, state: Path, names: Sequence[str], kills: int = 0) -> None:
        self.folder, self._state = folder, state
        self.clock = FileClock(folder / "clock")
        self.clock.set(STARTS_AT)
        self.workers = {name: self.start(name) for name in names}
        self.kills, self._kills_left, self._kills_at = 0, kills, 2
        self._random = Random(kills)

    def start(self, name: str) -> "subprocess.Popen[str]":
        """A worker process under this name; its log goes to the folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "benchmarks.nation.work", str(self._state)],
                env=os.environ | {"UNSEEN_WORKER_NAME": name},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def move_to(self, at: datetime) -> float:
        """Set the clock and wait until every worker has nothing left at that instant; how long it took, in seconds."""
        began = time.monotonic()
        self.clock.set(at)
        self.wait_until_idle(at)
        return time.monotonic() - began

    def wait_until_idle(self, at: datetime) -> None:
        """Raises WorkerDied."""
        waiting = set(self.workers)
        while waiting:
            if at > STARTS_AT:
                self._kill_one(sorted(waiting))
            for name in sorted(waiting):
                process = self.workers[name]
                if self._idle_at(name) == at.isoformat():
                    waiting.remove(name)
                elif process.poll() is not None:
                    log = (self.folder / f"{name}.log").read_text()[-2_000:]
                    raise WorkerDied(f"worker {name} ended with {process.returncode}: {log}")
            time.sleep(LOOKS_EVERY_S)

    def _kill_one(self, names: Sequence[str]) -> None:
        """Some letters after the last kill whoever sent the latest one dies, and a successor takes over its name."""
        if not self._kills_left:
            return
        letters = self._state.with_name("letters").read_text().splitlines()
        if len(letters) < self._kills_at:
            return
        sender = int(letters[-1].split()[1])
        name = next((name for name in names if self.workers[name].pid == sender), None)
        if name is None:
            return
        self.workers[name].kill()
        self.workers[name].wait()
        self.workers[name] = self.start(name)
        self._kills_at = len(letters) + self._random.randint(2, LETTERS_A_KILL)
        self._kills_left -= 1
        self.kills += 1

    def stop(self) -> list[tuple[int, float]]:
        """End all workers; of each the peak of memory in bytes and the processor time in seconds."""
        told = []
        for process in self.workers.values():
            process.terminate()
            last = process.communicate()[0].split()
            told.append((int(last[-2]), float(last[-1])) if len(last) >= 2 else (0, 0.0))
        return told

    def memory_bytes(self) -> int:
        """What the largest worker holds now."""
        pages = [
            int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
            for process in self.workers.values()
        ]
        return max(pages) * os.sysconf("SC_PAGE_SIZE")

    def _idle_at(self, name: str) -> str:
        path = self._beat(name)
        return str(json.loads(path.read_text())["idle_at"]) if path.exists() else ""

    def _beat(self, name: str) -> Path:
        return self.folder / "data" / f"worker-{name}.json"
