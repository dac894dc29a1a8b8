"""What peers ask: pages of their list, and what they say about an entry. docs/exchange.md is the specification."""

import re
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from ninja.security import APIKeyHeader
from pydantic import ConfigDict, Field

from unseen.clock import now
from unseen.domain.feed import Scope, Verdict
from unseen.exchange import queries
from unseen.exchange.actions import feedback
from unseen.exchange.models import Peer
from unseen.exchange.pages import NoSigningKey, page_after
from unseen.exchange.signed_requests import signing_peer
from unseen.feed.page import PAGE_TYPE

_NAME = re.compile(r"[0-9a-f]{32}")
_SEQUENCE_MAX = 2**62
Answer = Status[dict[str, Any]]


class PeerKey(APIKeyHeader):
    """The key that a peer was given, in the header X-Unseen-Key."""

    param_name = "X-Unseen-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> Peer | None:
        """The peer, or None for an unknown key."""
        return queries.peer_with_key(key) if key else None


def peer_signature(request: HttpRequest) -> Peer | None:
    """The peer that signed the request (RFC 9421)."""
    return signing_peer(request, now())


router = Router(tags=["exchange"], auth=[PeerKey(), peer_signature])


class Problem(Schema):
    """What happened, and what to do."""

    problem: str


class FeedbackIn(Schema):
    """What a peer says about an entry of its list."""

    model_config = ConfigDict(extra="forbid")
    entry: Annotated[str, Field(pattern=_NAME.pattern, min_length=32, max_length=32)]
    verdict: Verdict


class Kept(Schema):
    """It is kept, also where the peer had said so before."""

    kept: bool


Refused = {400: Problem, 401: Problem, 403: Problem, 422: Problem}


@router.get(
    "/page",
    response={200: None, 409: Problem, 503: Problem, **Refused},
    openapi_extra={
        "responses": {
            200: {
                "description": "One page",
                "content": {PAGE_TYPE: {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def read_page(
    request: HttpRequest, after: Annotated[int, Query(ge=0, le=_SEQUENCE_MAX)] = 0
) -> HttpResponse | Answer:
    """The page that begins with line `after` of the peer's own list; at its end, a signed head without lines."""
    peer = _peer(request)
    if not peer.may(Scope.FEED):
        return _not_for_this()
    try:
        page = page_after(peer, after, now())
    except queries.NoSuchLine as error:
        return Status(HTTPStatus.CONFLICT, {"problem": str(error)})
    except NoSigningKey as error:
        return Status(HTTPStatus.SERVICE_UNAVAILABLE, {"problem": str(error)})
    answer = HttpResponse(page, content_type=PAGE_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


@router.post("/feedback", response={200: Kept, 404: Problem, **Refused})
def give_feedback(request: HttpRequest, said: FeedbackIn) -> Answer:
    """What became of a match, or a doubt about an entry."""
    peer = _peer(request)
    if not peer.may(Scope.FEEDBACK):
        return _not_for_this()
    try:
        feedback.take(peer, bytes.fromhex(said.entry), said.verdict, now())
    except feedback.UnknownEntry as error:
        return Status(HTTPStatus.NOT_FOUND, {"problem": str(error)})
    return Status(HTTPStatus.OK, {"kept": True})


def _peer(request: HttpRequest) -> Peer:
    peer = getattr(request, "auth", None)
    assert isinstance(peer, Peer), "nobody comes here without a key"
    return peer


def _not_for_this() -> Answer:
    return Status(HTTPStatus.FORBIDDEN, {"problem": "your key was not given for this: ask the centre"})
