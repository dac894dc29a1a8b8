"""Kills the worker at the worst moments: seeded, on the wire, where a send has begun and nobody has written it down."""

import random
import signal
import subprocess
import threading
from collections import Counter

# How many of each moment a whole demonstration has at least (counted in undisturbed runs); kills are drawn below it.
MOMENTS = {
    "smtp:before_reply": 40,
    "smtp:after_reply": 40,
    "http_notice:before_reply": 8,
    "http_notice:after_reply": 8,
    "page": 1_200,
}
# Half of the kills hit a notice on its way; the rest falls anywhere in a look, a sweep or a write after it.
NOTICE_SHARE = 0.5
DELAY_S_MAX = 0.03  # spreads kills over the writes that follow a moment


class Killer:
    """Holds the plan of kills, and carries it out against whichever worker lives."""

    def __init__(self, kills: int, seed: int) -> None:
        self._random = random.Random(f"kills-{seed}")  # noqa: S311 - a repeatable plan, not a secret
        self._plan = self._drawn(kills)
        self._seen: Counter[str] = Counter()
        self._worker: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self.kills = 0

    def watch(self, worker: "subprocess.Popen[bytes]") -> None:
        """From now on this is the worker to kill."""
        with self._lock:
            self._worker = worker

    def on_wire(self, event: str, count: int) -> None:
        """The small internet tells that a moment has come."""
        with self._lock:
            self._seen[event] += 1
            delay_s = self._plan.pop((event, self._seen[event]), None)
            worker = self._worker
        if delay_s is None or worker is None:
            return
        if delay_s == 0.0:
            self._kill(worker)
        else:
            threading.Timer(delay_s, self._kill, [worker]).start()

    def finish_one(self) -> None:
        """Carry out one kill that the run was too short for, so that as many happen as were asked for."""
        with self._lock:
            self._plan.popitem()
            worker = self._worker
        if worker is not None:
            self._kill(worker)
            worker.wait()

    @property
    def left(self) -> int:
        """Kills that are still to come."""
        return len(self._plan)

    def _drawn(self, kills: int) -> dict[tuple[str, int], float]:
        plan: dict[tuple[str, int], float] = {}
        notices = [event for event in MOMENTS if event != "page"]
        while len(plan) < min(kills, sum(MOMENTS.values())):
            event = self._random.choice(notices) if self._random.random() < NOTICE_SHARE else "page"
            moment = (event, self._random.randint(1, MOMENTS[event]))
            plan[moment] = self._random.choice((0.0, self._random.uniform(0.0, DELAY_S_MAX)))
        return plan

    def _kill(self, worker: "subprocess.Popen[bytes]") -> None:
        with self._lock:
            if worker.poll() is None:
                worker.send_signal(signal.SIGKILL)
                self.kills += 1
            else:  # the last kill was faster: this one is still owed
                self._plan["owed", len(self._plan)] = 0.0
