"""Whether the machine's clock may be believed: it must not move against the time that truly passed.

A clock that jumps is first waited out: nothing is sent, and no deadline ends, on its word. One that stays where it
jumped to is believed (docs/decisions/0036-a-clock-that-jumps-is-waited-out.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from unseen.domain.limits import CLOCK_SETTLES, CLOCK_STEP_MAX


@dataclass(slots=True)
class ClockWatch:
    """Remembers when this machine was started by its own clock. That never changes unless the clock jumps."""

    _started_at: datetime | None = None
    _suspect: datetime | None = None
    _suspect_since_s: float = 0.0

    def believes(self, now: datetime, passed_s: float, latest: datetime | None = None) -> bool:
        """Whether `now` may be acted on. `passed_s`: seconds since the machine was started, from a clock that nobody sets.

        `latest`: the latest time at which we know that something happened; read at the first call only.
        """
        started_at = now - timedelta(seconds=passed_s)
        if self._started_at is None:
            turned_back = latest is not None and latest - now > CLOCK_STEP_MAX
            self._started_at = latest - timedelta(seconds=passed_s) if turned_back and latest else started_at
        if abs(started_at - self._started_at) <= CLOCK_STEP_MAX:
            self._started_at, self._suspect = started_at, None  # small steps of a clock that is kept right
            return True
        if self._suspect is None or abs(started_at - self._suspect) > CLOCK_STEP_MAX:
            self._suspect, self._suspect_since_s = started_at, passed_s
        if timedelta(seconds=passed_s - self._suspect_since_s) < CLOCK_SETTLES:
            return False
        self._started_at, self._suspect = started_at, None
        return True
