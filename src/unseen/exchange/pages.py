"""A page of a peer's list: the lines, and a head about them that is signed now."""

from datetime import datetime

from unseen.domain.limits import FEED_HEAD_LASTS, FEED_LEASE
from unseen.exchange import queries
from unseen.exchange.models import Peer, SigningKey
from unseen.feed.page import Head, write_page
from unseen.feed.signing import FeedKey, Signer


class NoSigningKey(Exception):
    """No key signs the feed now."""


def page_after(peer: Peer, after: int, now: datetime) -> bytes:
    """The page that begins with line `after`; at the end of the list, one without lines. Raises NoSuchLine, NoSigningKey."""
    keys = announced(now)
    tree, size = queries.batch_after(peer, after)
    head = Head(
        feed=peer.feed,
        start=after,
        size=tree.size,
        root=tree.root().hex(),
        log_size=size,
        issued=int(now.timestamp()),
        expires=int((now + FEED_HEAD_LASTS).timestamp()),
        lease_s=int(FEED_LEASE.total_seconds()),
        keys=tuple(_told(key) for key in keys),
    )
    return write_page(head, queries.lines_of(peer, after, tree.size), _signer(keys, now))


def announced(now: datetime) -> list[SigningKey]:
    """The keys that followers are told of: those that sign now and the one that will, the newest first."""
    return list(SigningKey.objects.filter(until__gt=now).order_by("-signs_from", "-pk"))


def keys_told(now: datetime) -> list[FeedKey]:
    """The same as an invitation names them."""
    return [_told(key) for key in announced(now)]


def _told(key: SigningKey) -> FeedKey:
    return FeedKey(bytes.fromhex(key.public), int(key.until.timestamp()))


def _signer(keys: list[SigningKey], now: datetime) -> Signer:
    key = next((key for key in keys if key.signs_from <= now), None)
    if key is None:
        raise NoSigningKey("no key signs the feed now: run `unseen feed-keys rotate`")
    return Signer(key.private)
