"""The ladder: in which order addressees are asked, what must be true before each rung, and how long each gets.

The rungs in force are data (`takedown/directory/ladder.toml`); this file says what such data can mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from unseen.domain.notice import Rung


class Role(StrEnum):
    """Who is asked on a rung: what a party is to the place where the item was found."""

    PLATFORM = "platform"
    HOST = "host"
    CDN = "cdn"
    NETWORK = "network"  # carries the host's traffic
    REGISTRAR = "registrar"
    SEARCH = "search"
    APP_STORE = "app_store"
    PAYMENT = "payment"
    REGULATOR = "regulator"
    BLOCKER = "blocker"  # may order that access is blocked
    COUNSEL = "counsel"


class Need(StrEnum):
    """What must be true of an item before a rung is taken."""

    NOT_REFUSED = "not_refused"
    RECEIPT_PROVEN = "receipt_proven"
    SEEN = "seen"

    @property
    def words(self) -> str:
        """The condition in words for people."""
        return NEED_WORDS[self]


NEED_WORDS: Mapping[Need, str] = MappingProxyType(
    {
        Need.NOT_REFUSED: "the notice before it was not refused",
        Need.RECEIPT_PROVEN: "an earlier notice was provably received",
        Need.SEEN: "the last look still saw the material from somewhere",
    }
)


@dataclass(frozen=True, slots=True)
class RungRule:
    """One rung as the data states it. `answer_hours_max` shortens the law's hours: then they are our own target."""

    rung: Rung
    asks: Role
    needs: frozenset[Need] = frozenset()
    notices_before_min: int = 0
    answer_hours_max: int | None = None
    why: str = ""
    version: str = ""  # of the file that states it: kept with each deadline that our own target sets

    @property
    def conditions(self) -> tuple[str, ...]:
        """Its preconditions in words, in a fixed order."""
        words = [need.words for need in Need if need in self.needs]
        if self.notices_before_min:
            plural = "" if self.notices_before_min == 1 else "s"
            words.append(f"at least {self.notices_before_min} notice{plural} went before it")
        return tuple(words)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the earlier rounds of an item leave to the present one. A return does not wipe out the record."""

    worked: tuple[
        Rung, ...
    ] = ()  # for each round that ended with a removal: whose notice was the last one received
    notices: int = 0  # how many were made in all of them


NOTHING_EARLIER = Earlier()


def strongest(worked: Sequence[Rung], open_rungs: Sequence[Rung], rules: Sequence[RungRule]) -> Rung | None:
    """The highest rung that worked and still leads to somebody: what lies below it did not end that round."""
    order = order_of(rules)
    usable = [rung for rung in worked if rung in open_rungs and rung in order]
    return max(usable, key=order.index, default=None)


def climb_from(start: Rung | None, rules: Sequence[RungRule]) -> tuple[Rung, ...]:
    """The rungs of one round in the order in which it takes them: from the start upwards, what was skipped last.

    A skipped rung that asks the same role as the start is left out: whoever got the second notice needs no first one.
    """
    order = order_of(rules)
    if start is None or start not in order:
        return order
    place = order.index(start)
    return order[place:] + tuple(rung for rung in order[:place] if not _same_role(rung, start, rules))


def _same_role(one: Rung, other: Rung, rules: Sequence[RungRule]) -> bool:
    first, second = rule_of(rules, one), rule_of(rules, other)
    return first is not None and second is not None and first.asks is second.asks


def order_of(rules: Sequence[RungRule]) -> tuple[Rung, ...]:
    """The rungs from the lowest to the highest; without rules, in the order of their names."""
    return tuple(rule.rung for rule in rules) or tuple(Rung)


def rule_of(rules: Sequence[RungRule], rung: Rung) -> RungRule | None:
    """The rule of one rung, if the data has it."""
    return next((rule for rule in rules if rule.rung is rung), None)
