"""No site is stormed: at most eighteen rechecks in any day of an item, and a hundred in any thirty days."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.simulation.history import Life, What

# A law of two hours and a ladder of twelve rungs: a look at each deadline, and one at each answer.
_LOOKS_A_DAY_MAX = 18
_LOOKS_A_MONTH_MAX = (
    100  # daily looks, some at each of twelve rungs, returns, retries where nothing can be seen
)


def judge(life: Life) -> Iterator[str]:
    """Days and months with more looks than anybody needs."""
    times = [event.at for event in life.history if event.what is What.LOOKED]
    yield from _too_many(times, _LOOKS_A_DAY_MAX, timedelta(days=1))
    yield from _too_many(times, _LOOKS_A_MONTH_MAX, timedelta(days=30))


def _too_many(times: list[datetime], most: int, within: timedelta) -> Iterator[str]:
    for first, beyond in zip(times, times[most:], strict=False):
        if beyond - first < within:
            yield f"more than {most} rechecks in the {within.days} days from {first}"
            return
