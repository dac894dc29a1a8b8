"""What became of the notices to an addressee, by channel and law: read from the tables, for the choice of a route."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Max

from unseen.domain.item import Outcome, Stage
from unseen.domain.notice import Law
from unseen.domain.route import Record, ordered
from unseen.takedown.directory.party import Channel, Party
from unseen.takedown.models import Notice

# What an addressee did with older ones says little about today, and each choice reads them.
NOTICES_LOOKED_AT = 200
_OF_NOTICE = ("channel", "to", "laws", "round", "received_at")
_COLUMNS = (*_OF_NOTICE, "item__round", "item__stage", "item__outcome", "item__gone_since")
_SAYS_NOTHING = (Outcome.WITHDRAWN, Outcome.OUT_OF_SCOPE, Outcome.DUPLICATE)


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


def routes_of(addressee: str) -> tuple[Route, ...]:
    """Every channel and first law on which this addressee received one of its latest notices, the most used first."""
    groups: dict[tuple[str, str, str], list[_Tried]] = defaultdict(list)
    for one in _tried(addressee):
        groups[one.channel, one.to, one.law].append(one)
    routes = [Route(*key, _record(group)) for key, group in groups.items()]
    return tuple(sorted(routes, key=lambda one: (-one.record.tried, -one.record.waiting, one.to, one.law)))


def ranked_channels(party: Party) -> Sequence[Channel]:
    """The channels of a party, in the order in which to try them. No query where there is nothing to choose."""
    channels = party.reachable
    if len(channels) < 2:
        return channels
    tried = list(_tried(party.key))
    return ordered(channels, lambda channel: _record(one for one in tried if one.to == channel.to))


def channel_record(party: Party, channel: Channel) -> Record:
    """What became of the notices on one channel."""
    return _record(one for one in _tried(party.key) if one.to == channel.to)


def law_records(addressee: str) -> Callable[[Law], Record]:
    """What became of the notices to an addressee that were based on a law. Read when it is first asked."""
    found: list[_Tried] = []
    asked = False

    def record_of(law: Law) -> Record:
        nonlocal asked
        if not asked:
            found.extend(_tried(addressee))
            asked = True
        return _record(one for one in found if one.law == law.id)

    return record_of


def _record(tried: Iterable[_Tried]) -> Record:
    decided = list(tried)
    hours = [one.hours for one in decided if one.hours is not None]
    known = [one.removed for one in decided if one.removed is not None]
    return Record(sum(known), len(known), len(decided) - len(known), median(hours) if hours else None)


def _tried(addressee: str) -> Iterator[_Tried]:
    received = Notice.objects.filter(addressee=addressee, received_at__isnull=False)
    rows = list(received.select_related("item").only(*_COLUMNS).order_by("-received_at")[:NOTICES_LOOKED_AT])
    of_items = Notice.objects.filter(item__in={row.item_id for row in rows}, received_at__isnull=False)
    last = of_items.order_by().values_list("item_id", "round").annotate(last=Max("received_at"))
    ends = {(item, round_): at for item, round_, at in last}
    for row in rows:
        assert row.received_at is not None, "the query asked for received ones"
        if row.item.round == row.round and row.item.outcome in _SAYS_NOTHING:
            continue
        is_last = row.received_at == ends[row.item_id, row.round]
        removed, hours = _became(row, row.received_at) if is_last else (False, None)
        yield _Tried(row.channel, row.to, row.laws[0] if row.laws else "", removed, hours)


def _became(notice: Notice, received_at: datetime) -> tuple[bool | None, float | None]:
    """What came of the last notice of a round. A round that a later one followed had ended with a removal."""
    item = notice.item
    if notice.round < item.round:
        return True, None
    if item.outcome == Outcome.REMOVED and item.gone_since is not None:
        hours = (item.gone_since - received_at).total_seconds() / 3600
        return (True, hours) if hours >= 0 else (None, None)  # gone before it came: not its doing
    return (False, None) if item.stage == Stage.CLOSED else (None, None)
