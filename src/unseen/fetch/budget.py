"""Politeness to one host: how often it may be asked, and how long it asked us to stay away. Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# A host that asks for more than a day is asked again after a day: deadlines of 24 and 48 hours run meanwhile.
RETRY_AFTER_MAX = timedelta(hours=24)
# A host that answers 429 or 503 without saying how long to wait.
BACKOFF_UNSAID = timedelta(seconds=60)
_TURNED_AWAY = (429, 503)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one host may be asked: at most `burst` requests at once, then `per_second` of them."""

    burst: int = 10
    per_second: float = 2.0


@dataclass(frozen=True, slots=True)
class HostBudget:
    """What is known of one host: requests it may still get, when that was counted, and its own wish to wait."""

    tokens: float
    counted_at: datetime
    backoff_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Ask now, and store `budget`."""

    budget: HostBudget


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Do not ask before `until`; nothing is to be stored."""

    until: datetime


def fresh(pace: Pace, now: datetime) -> HostBudget:
    """The budget of a host that was never asked."""
    return HostBudget(float(pace.burst), now)


def take(budget: HostBudget, pace: Pace, now: datetime) -> Allowed | WaitUntil:
    """Whether one request may go to the host now."""
    if budget.backoff_until is not None and now < budget.backoff_until:
        return WaitUntil(budget.backoff_until)
    passed_s = max(0.0, (now - budget.counted_at).total_seconds())
    tokens = min(float(pace.burst), budget.tokens + passed_s * pace.per_second)
    if tokens < 1.0:
        return WaitUntil(now + timedelta(seconds=(1.0 - tokens) / pace.per_second))
    return Allowed(HostBudget(tokens - 1.0, max(now, budget.counted_at)))


def after_answer(budget: HostBudget, status: int, retry_after_text: str | None, now: datetime) -> HostBudget:
    """The budget after the host answered `status`: a host that turns us away is left alone for a while."""
    if status not in _TURNED_AWAY:
        return budget
    return replace(budget, backoff_until=retry_after(retry_after_text, now) or now + BACKOFF_UNSAID)


def retry_after(header: str | None, now: datetime) -> datetime | None:
    """When to ask again by a Retry-After header (RFC 9110, 10.2.3: seconds or a date); None if it says nothing.

    Never before `now` and never later than 24 hours after it.
    """
    text = (header or "").strip()
    if not text or len(text) > 100 or not text.isascii():
        return None
    if text.isdigit():
        return now + timedelta(seconds=min(int(text), int(RETRY_AFTER_MAX.total_seconds())))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return min(max(at, now), now + RETRY_AFTER_MAX)
