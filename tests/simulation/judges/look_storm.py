"""No site is stormed: at most a dozen rechecks in any day of an item, and no notice without end."""

from collections.abc import Iterator
from datetime import timedelta

from tests.simulation.history import Life, What

_LOOKS_A_DAY_MAX = 12
_DAY = timedelta(days=1)


def judge(life: Life) -> Iterator[str]:
    """Each day with more looks than anybody needs."""
    times = [event.at for event in life.history if event.what is What.LOOKED]
    for first, beyond in zip(times, times[_LOOKS_A_DAY_MAX:], strict=False):
        if beyond - first < _DAY:
            yield f"more than {_LOOKS_A_DAY_MAX} rechecks in the day from {first}"
            return
