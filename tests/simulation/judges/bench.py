"""All judges, by the name of what they guard."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tests.simulation.history import Life
from tests.simulation.judges import (
    ends_honest,
    look_storm,
    notice_is_true,
    promise_2,
    promise_3,
    promise_4,
    promise_5,
    promise_8,
    promise_10,
    return_is_strong,
)

JUDGES: Mapping[str, Callable[[Life], Iterator[str]]] = MappingProxyType(
    {
        "promise 2": promise_2.judge,
        "promise 3": promise_3.judge,
        "promise 4": promise_4.judge,
        "promise 5": promise_5.judge,
        "promise 8": promise_8.judge,
        "promise 10": promise_10.judge,
        "ends honest": ends_honest.judge,
        "notice is true": notice_is_true.judge,
        "return is strong": return_is_strong.judge,
        "look storm": look_storm.judge,
    }
)


def broken_promises(life: Life) -> list[str]:
    """What every judge says against this life, each line headed by the judge's name."""
    return [f"{name}: {verdict}" for name, judge in JUDGES.items() for verdict in judge(life)]
