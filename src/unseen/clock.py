"""The one place that knows the time: the system's, or the simulated one that UNSEEN_CLOCK names."""

from datetime import datetime
from functools import lru_cache

from django.conf import settings

from unseen.testing.clock import Clock, FileClock, SystemClock


@lru_cache(maxsize=1)
def clock() -> Clock:
    """The clock in force."""
    path = settings.UNSEEN.clock.file
    return FileClock(path) if path else SystemClock()


def now() -> datetime:
    """The present instant, aware, in UTC. Only views, the worker and the command line may ask."""
    return clock().now()
