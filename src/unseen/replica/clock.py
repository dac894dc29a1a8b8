"""The two clocks of a follower: the wall's, which anybody can turn, and a steady one that only runs forward."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment by both clocks. Steady seconds mean something only within the same boot of the same machine."""

    wall_s: float  # Unix seconds
    steady_s: float
    boot: str

    @property
    def now(self) -> int:
        """Whole Unix seconds."""
        return int(self.wall_s)


Clock = Callable[[], Instant]


def system_instant() -> Instant:
    """Now, by this machine. The steady clock counts while the machine sleeps, and all its processes share it (Linux)."""
    return Instant(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME), _boot())


@lru_cache(maxsize=1)
def _boot() -> str:
    return _BOOT.read_text("ascii").strip()
