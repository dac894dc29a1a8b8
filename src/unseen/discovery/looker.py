"""Looking at the web politely: the guarded fetcher, our vantages, a pace for each host, and its own wish to wait."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from unseen.config.options import Options
from unseen.discovery import actions
from unseen.discovery.fetching import fetcher_of
from unseen.discovery.models import Backoff
from unseen.fetch.addresses import Address
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.budget import HostBudget, Pace, WaitUntil, after_answer, fresh, take
from unseen.fetch.fetcher import Accept, Fetcher
from unseen.fetch.locations import Location, parse_location
from unseen.fetch.vantage import Vantage

# A recheck or a sweep comes in one burst of some dozens of requests; on average we stay at two a second.
PACE = Pace(burst=120, per_second=2.0)
# A look needs several requests and starts from its beginning: who comes back for one request never gets to its end.
FULL_BURST = timedelta(seconds=PACE.burst / PACE.per_second)


class TooSoon(Exception):
    """The host may not be asked before `until`; nothing was asked. `by_host`: it wishes so; otherwise it is our pace."""

    def __init__(self, until: datetime, *, by_host: bool = False) -> None:
        super().__init__(f"the host may not be asked before {until.isoformat()}")
        self.until, self.by_host = until, by_host


@dataclass
class Looker:
    """One process's way to look. The pace lives in memory; a wish to wait lives in the database.

    Both belong to a host and the address from which we ask it: vantages that share an address share them.
    """

    fetcher: Fetcher
    vantages: tuple[Vantage, ...]
    _budgets: dict[tuple[str, str], HostBudget] = field(default_factory=dict)
    _waits: dict[tuple[str, str], datetime | None] = field(default_factory=dict)

    def get(
        self,
        location: Location,
        vantage: Vantage,
        accept: Accept,
        now: datetime,
        *,
        only_at: Address | None = None,
    ) -> Fetched | FetchFailure:
        """Ask once, of one address of the host if wanted. Raises TooSoon instead of asking a host that wants to be left alone."""
        key = (location.host, vantage.seen_as)
        allowed = take(self._budget(key, now), PACE, now)
        if isinstance(allowed, WaitUntil):
            by_host = self.not_before(location, vantage, now) is not None
            raise TooSoon(allowed.until if by_host else now + FULL_BURST, by_host=by_host)
        answer = self.fetcher.get(location, vantage, accept=accept, only_at=only_at)
        self._budgets[key] = allowed.budget
        if isinstance(answer, Fetched):
            after = after_answer(allowed.budget, answer.status, answer.retry_after, now)
            if after.backoff_until is not None:
                actions.stay_away(*key, after.backoff_until)
                self._waits[key] = after.backoff_until
        return answer

    def not_before(self, location: Location, vantage: Vantage, now: datetime) -> datetime | None:
        """Until when the host asked this vantage to stay away, if it did."""
        until = self._wait((location.host, vantage.seen_as))
        return until if until is not None and now < until else None

    def _budget(self, key: tuple[str, str], now: datetime) -> HostBudget:
        budget = self._budgets.get(key) or fresh(PACE, now)
        return HostBudget(budget.tokens, budget.counted_at, self._wait(key))

    def _wait(self, key: tuple[str, str]) -> datetime | None:
        """Read once in the life of a process; what is learnt later is kept in both places."""
        if key not in self._waits:
            rows = Backoff.objects.filter(host=key[0], seen_as=key[1])
            self._waits[key] = rows.values_list("until", flat=True).first()
        return self._waits[key]


@lru_cache(maxsize=1)
def looker() -> Looker:
    """The looker that the options in force describe."""
    options: Options = settings.UNSEEN
    return Looker(fetcher_of(options), options.vantages)


def place(text: str) -> Location:
    """A location that was stored earlier, with the ports that the options allow."""
    return parse_location(text, ports=frozenset(settings.UNSEEN.fetch_ports))
