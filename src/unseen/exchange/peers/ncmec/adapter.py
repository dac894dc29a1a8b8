"""NCMEC's entries as a batch of ours, a page at a time.

The service gives entries in no order, so the time from which we ask next moves only when a whole span of time was read.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from unseen.exchange.peers.ncmec.client import NcmecClient
from unseen.exchange.peers.ncmec.entries import TIME, read
from unseen.exchange.peers.record import Batch

BEGINNING = datetime(2014, 1, 1, tzinfo=UTC)
# What changes while we ask would otherwise lie on both sides of the end.
_SETTLED_AFTER = timedelta(seconds=5)


def next_batch(client: NcmecClient, cursor: str, now: datetime) -> Batch:
    """What comes after this cursor, and the cursor after it. Raises PeerTrouble.

    A cursor is `from TIME`, or `page TIME PATH` within a span that ends at TIME.
    """
    word, _, rest = cursor.partition(" ")
    if word == "page":
        until_text, _, path = rest.partition(" ")
        return _with_cursor(read(client.page(path)), until_text)
    since = datetime.strptime(rest, TIME).replace(tzinfo=UTC) if word == "from" else BEGINNING
    until = now.astimezone(UTC) - _SETTLED_AFTER
    return _with_cursor(read(client.first_page(since, until)), until.strftime(TIME))


def _with_cursor(batch: Batch, until: str) -> Batch:
    return replace(batch, cursor=f"page {until} {batch.cursor}" if batch.more else f"from {until}")
