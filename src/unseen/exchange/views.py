"""The hash feed for peers."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import APIKeyHeader

from unseen.exchange import queries
from unseen.exchange.models import Peer


class PeerKey(APIKeyHeader):
    """The key that a peer was given, in the header X-Unseen-Key."""

    param_name = "X-Unseen-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> Peer | None:
        """The peer, or None for an unknown key."""
        return queries.peer_with_key(key) if key else None


router = Router(tags=["exchange"], auth=PeerKey())


class EntryOut(Schema):
    """One line of the feed."""

    sequence: int
    entry: str
    operation: str
    pdq: str
    quality: int


class PageOut(Schema):
    """A page of the feed, and the cursor to ask on from."""

    entries: list[EntryOut]
    cursor: int


@router.get("/feed", response={200: PageOut})
def read_feed(request: HttpRequest, cursor: int = 0) -> dict[str, Any]:
    """Additions and withdrawals after the cursor, in order."""
    entries = queries.page_after(cursor)
    return {
        "entries": [
            {
                "sequence": one.sequence,
                "entry": one.entry,
                "operation": one.operation,
                "pdq": one.pdq,
                "quality": one.quality,
            }
            for one in entries
        ],
        "cursor": entries[-1].sequence if entries else cursor,
    }
