"""How often a receipt may be tried and a report filed: whoever floods waits, and nobody is locked out.

In memory, and no address is kept: see `unseen.takedown.verify_budget` and docs/decisions/0043-*.md.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from unseen.domain.limits import (
    FILE_ALL_AT_ONCE_MAX,
    FILE_ALL_EVERY,
    FILE_AT_ONCE_MAX,
    FILE_EVERY,
    OPEN_ALL_AT_ONCE_MAX,
    OPEN_ALL_EVERY,
    OPEN_AT_ONCE_MAX,
    OPEN_EVERY,
    OPEN_FIRST_TRIES,
)
from unseen.takedown.verify_budget import AskBudget, asker_of

_OPENING = AskBudget(OPEN_AT_ONCE_MAX, OPEN_EVERY, OPEN_ALL_AT_ONCE_MAX, timedelta(microseconds=1))
_RECEIPTS = AskBudget(OPEN_AT_ONCE_MAX, OPEN_EVERY, OPEN_ALL_AT_ONCE_MAX, OPEN_ALL_EVERY)
_FILING = AskBudget(FILE_AT_ONCE_MAX, FILE_EVERY, FILE_ALL_AT_ONCE_MAX, FILE_ALL_EVERY)


def wait_before_opening_s(meta: Mapping[str, str], locator: str, now: datetime) -> int:
    """0, or how many seconds to wait before a receipt is tried. Known and unknown ones count alike.

    The first tries of an address pass whatever others do: neither a flood nor somebody who guesses at this very
    receipt can keep its owner out.
    """
    asker = asker_of(meta)
    is_first = _OPENING.spent(asker, now) < OPEN_FIRST_TRIES
    waits = _OPENING.spend(asker, now), _RECEIPTS.spend(locator, now)
    return 0 if is_first else max(waits)


def wait_before_filing_s(meta: Mapping[str, str], now: datetime) -> int:
    """0, or how many seconds to wait before another report is taken from this address."""
    return _FILING.spend(asker_of(meta), now)
