"""Our feed as StopNCII's FetchHashes tells it: a peer's own list, live values only, with a time as the checkpoint."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from unseen.domain.feed import Level
from unseen.exchange.models import FeedBatch, FeedEntry, FeedLine, Peer
from unseen.exchange.peers.actions import fetch_begun
from unseen.exchange.peers.exports import live_between, size_of
from unseen.exchange.peers.models import FetchBegun
from unseen.exchange.peers.record import PeerKind
from unseen.exchange.peers.stopncii.records import Served, page

# The client begins with 10. What it keeps while its first load is under way tells that load from a fresh one.
FRESH_UNTIL = 10
INTERRUPTED = FRESH_UNTIL + 1
PAGE_RECORDS_MAX = 2_000
# Batches are dated by when the worker's turn began, by its own clock.
_DOUBT = timedelta(hours=1)
_TOKEN = re.compile(r"([0-9]{1,18})-([0-9]{1,12})-([0-9]{1,12})")
_TIME_MAX = 253_370_764_800  # the year 9999, which Python's datetime still knows


class MustBeginAnew(Exception):
    """Something that this peer fetched may not be matched any more, and this interface cannot name it."""


class BadToken(Exception):
    """A page token that we did not give."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the list a page begins, when its fetch began, and from which checkpoint. Times are Unix seconds."""

    line: int
    begun: int
    since: int


def fetched(peer: Peer, since: int, token: str, size: int, now: datetime) -> dict[str, Any]:
    """One answer of FetchHashes. Raises MustBeginAnew, BadToken."""
    place = _place(token) if token else _begin(peer, since, now)
    size = min(max(size, 1), PAGE_RECORDS_MAX)
    length = size_of(peer)
    end = min(place.line + size, length)
    served = list(_live(peer, place.line, end, now)) if end > place.line else []
    more = end < length
    return page(
        served,
        next_token=f"{end}-{place.begun}-{place.since}" if more else "",
        # Only the last page moves the checkpoint to when the fetch began: whatever changed since is told by the next one.
        checkpoint=max(place.since, INTERRUPTED) if more else max(place.begun, place.since),
    )


def _begin(peer: Peer, since: int, now: datetime) -> _Place:
    begun, size = int(now.timestamp()), size_of(peer)  # the length before any value is read
    line = 0
    if since > FRESH_UNTIL:
        line = _line_of(peer, since, begun)
        if _taken_back(peer, line) or _ended(peer, since, now):
            raise MustBeginAnew(
                "something that you fetched was withdrawn, suspended or has ended, and this interface cannot name it any more: "
                "clear what you fetched (`threatexchange fetch --clear`), and fetch again"
            )
    fetch_begun(peer, begun, size)
    return _Place(line, begun, since)


def _line_of(peer: Peer, since: int, begun: int) -> int:
    """Where the list ended at this checkpoint. For a time that is none of ours (or an interrupted first load): well before it."""
    if since > begun:
        raise MustBeginAnew(
            "your checkpoint lies ahead of our clock: clear what you fetched, and fetch again"
        )
    known = FetchBegun.objects.filter(peer=peer, second=since).values_list("size", flat=True).first()
    if known is not None:
        return known
    batches = FeedBatch.objects.filter(peer=peer, at__lt=datetime.fromtimestamp(since, UTC) - _DOUBT)
    return batches.order_by("-end").values_list("end", flat=True).first() or 0


def _place(token: str) -> _Place:
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise BadToken("this page token is none of ours: begin from your last checkpoint")
    line, begun, since = (int(part) for part in found.groups())
    return _Place(line, min(begun, _TIME_MAX), min(since, _TIME_MAX))


def _taken_back(peer: Peer, line: int) -> bool:
    """Whether the list says from this line on that something is withdrawn or suspended: such lines have no value."""
    rows = FeedLine.objects.filter(peer=peer, sequence__gte=line, commitment=b"", feed_entry__isnull=False)
    return rows.exists()


def _ended(peer: Peer, since: int, now: datetime) -> bool:
    """Whether an entry ended by itself since then. They end when a day ends, so most questions cost nothing."""
    start = datetime.fromtimestamp(since, UTC)
    if start.date() == now.astimezone(UTC).date():
        return False
    ended = FeedEntry.objects.filter(expires_at__gt=start, expires_at__lte=now, level=Level.SELF_ASSERTED)
    return ended.filter(lines__peer=peer).exists()


def _live(peer: Peer, start: int, end: int, now: datetime) -> Iterator[Served]:
    """Values of these lines that may be matched now. One may come twice: a record replaces an earlier one."""
    changed_at = _times(peer, start, end)
    for sequence, record in live_between(peer, start, end, now):
        if record.kind is PeerKind.PDQ:
            yield Served(record.value, changed_at[sequence])


def _times(peer: Peer, start: int, end: int) -> dict[int, int]:
    """When each line was appended, in Unix seconds."""
    times: dict[int, int] = {}
    first = start
    for last, at in (
        FeedBatch.objects.filter(peer=peer, end__gt=start).order_by("end").values_list("end", "at")
    ):
        times.update(dict.fromkeys(range(first, min(last, end)), int(at.timestamp())))
        first = min(last, end)
        if last >= end:
            break
    return times
