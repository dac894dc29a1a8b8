"""How `unseen scan` reaches the web: as whom, and at which pace."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from unseen.config.options import Options
from unseen.fetch.budget import HostBudget, Pace, WaitUntil, fresh, take
from unseen.fetch.vantage import Vantage

# A site is asked like a hasty reader would, and not faster.
_PACE = Pace(burst=60, per_second=5.0)
# Without a configured vantage a scan shows a common browser, as copies are hidden from declared crawlers.
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def vantage_of(options: Options) -> Vantage:
    """The first vantage that is not the complainant's own address, from which copies may be hidden."""
    for vantage in sorted(options.vantages, key=lambda vantage: vantage.own_address):
        return vantage
    return Vantage("this machine", options.country, None, None, _BROWSER)


@dataclass
class Pacer:
    """Waits before a request until the host's pace allows it."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    _budgets: dict[str, HostBudget] = field(default_factory=dict)

    def wait(self, host: str) -> None:
        """Return when `host` may be asked."""
        while True:
            now = self.now()
            step = take(self._budgets.get(host) or fresh(_PACE, now), _PACE, now)
            if not isinstance(step, WaitUntil):
                self._budgets[host] = step.budget
                return
            self.sleep((step.until - now).total_seconds())
