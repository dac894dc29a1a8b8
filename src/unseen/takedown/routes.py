"""What became of the notices to an addressee, by channel and law: read from the tables, for the choice of a route."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from unseen.domain.item import Outcome, Stage
from unseen.domain.notice import Law
from unseen.domain.route import Record, ordered
from unseen.takedown.directory.party import Channel, Party
from unseen.takedown.models import Notice

# What an addressee did with older ones says little about today, and each choice reads them. Of so many, a rate is known
# within 6 in 100, and a way that stopped working is left after some weeks.
NOTICES_LOOKED_AT = 60
_OF_NOTICE = ("channel", "to", "laws", "round", "received_at", "followed")
_COLUMNS = (*_OF_NOTICE, "item__round", "item__stage", "item__outcome", "item__gone_since")
_SAYS_NOTHING = (Outcome.WITHDRAWN, Outcome.OUT_OF_SCOPE, Outcome.DUPLICATE)


class _ItemIs(NamedTuple):
    """Where the item of a notice stands now."""

    round: int
    stage: str
    outcome: str
    gone_since: datetime | None


@dataclass(frozen=True, slots=True)
class _Tried:
    """One received notice: `removed` is None while nobody knows."""

    channel: str
    to: str
    law: str
    removed: bool | None
    hours: float | None


@dataclass(frozen=True, slots=True)
class Route:
    """One way to an addressee, and what became of the notices on it."""

    channel: str
    to: str
    law: str
    record: Record


class Reading:
    """The tables as they are read once for each addressee: one decision, or a handful of them, looks at one state."""

    def __init__(self) -> None:
        self._known: dict[str, list[_Tried]] = {}

    def routes_of(self, addressee: str) -> tuple[Route, ...]:
        """Every channel and first law on which this addressee received one of its latest notices, the most used first."""
        groups: dict[tuple[str, str, str], list[_Tried]] = defaultdict(list)
        for one in self._tried(addressee):
            groups[one.channel, one.to, one.law].append(one)
        routes = [Route(*key, _record(group)) for key, group in groups.items()]
        return tuple(
            sorted(routes, key=lambda one: (-one.record.tried, -one.record.waiting, one.to, one.law))
        )

    def ranked_channels(self, party: Party) -> Sequence[Channel]:
        """The channels of a party, in the order in which to try them. No query where there is nothing to choose."""
        channels = party.reachable
        if len(channels) < 2:
            return channels
        return ordered(channels, lambda channel: self.channel_record(party, channel))

    def channel_record(self, party: Party, channel: Channel) -> Record:
        """What became of the notices on one channel."""
        return _record(one for one in self._tried(party.key) if one.to == channel.to)

    def law_records(self, addressee: str) -> Callable[[Law], Record]:
        """What became of the notices to an addressee that were based on a law. Read when it is first asked."""
        return lambda law: _record(one for one in self._tried(addressee) if one.law == law.id)

    def _tried(self, addressee: str) -> list[_Tried]:
        if addressee not in self._known:
            self._known[addressee] = list(_read(addressee))
        return self._known[addressee]


def _record(tried: Iterable[_Tried]) -> Record:
    decided = list(tried)
    hours = [one.hours for one in decided if one.hours is not None]
    known = [one.removed for one in decided if one.removed is not None]
    return Record(sum(known), len(known), len(decided) - len(known), median(hours) if hours else None)


def _read(addressee: str) -> Iterator[_Tried]:
    """Plain values and no rows of Django: it is read for every notice that is made."""
    received = Notice.objects.filter(addressee=addressee, received_at__isnull=False)
    same_round = Notice.objects.filter(item=OuterRef("item"), round=OuterRef("round"))
    followed = Exists(same_round.filter(received_at__gt=OuterRef("received_at")))
    rows = received.annotate(followed=followed).order_by("-received_at").values_list(*_COLUMNS)
    for channel, to, laws, round_, received_at, was_followed, *now_is in rows[:NOTICES_LOOKED_AT]:
        item = _ItemIs(*now_is)
        if item.round == round_ and item.outcome in _SAYS_NOTHING:
            continue
        removed, hours = (False, None) if was_followed else _became(round_, received_at, item)
        yield _Tried(channel, to, laws[0] if laws else "", removed, hours)


def _became(round_: int, received_at: datetime, item: _ItemIs) -> tuple[bool | None, float | None]:
    """What came of the last notice of a round. A round that a later one followed had ended with a removal."""
    if round_ < item.round:
        return True, None
    if item.outcome == Outcome.REMOVED and item.gone_since is not None:
        hours = (item.gone_since - received_at).total_seconds() / 3600
        return (True, hours) if hours >= 0 else (None, None)  # gone before it came: not its doing
    return (False, None) if item.stage == Stage.CLOSED else (None, None)
