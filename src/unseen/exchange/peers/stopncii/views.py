"""StopNCII's three routes, so that its client in `threatexchange` is pointed at us by one setting."""

import re
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from unseen.clock import now
from unseen.domain.feed import Scope, Verdict
from unseen.exchange import queries
from unseen.exchange.actions import feedback
from unseen.exchange.models import Peer
from unseen.exchange.peers.actions import take_in
from unseen.exchange.peers.record import Batch, PeerTrouble, Reason, Refused
from unseen.exchange.peers.stopncii import lookup, records, serving

_NUMBER = re.compile(r"[0-9]{1,12}")


class FunctionKey:
    """The peer's key, in both of the headers that the client sends: x-functions-key and Ocp-Apim-Subscription-Key."""

    def __call__(self, request: HttpRequest) -> Peer | None:
        """The peer, or None for an unknown key."""
        key = request.headers.get("x-functions-key", "")
        same = key and key == request.headers.get("Ocp-Apim-Subscription-Key")
        return queries.peer_with_key(key) if same else None


Answer = Status[dict[str, Any]]
router = Router(tags=["stopncii"], auth=FunctionKey())


class Problem(Schema):
    """What happened, and what to do."""

    problem: str


class Done(Schema):
    """How many records were taken, and how many were put aside."""

    count: int
    put_aside: int


_REFUSED = {400: Problem, 401: Problem, 403: Problem}


@router.get("/FetchHashes", response={200: dict[str, Any], 410: Problem, **_REFUSED})
def fetch_values(
    request: HttpRequest,
    since: Annotated[str, Query(alias="startTimestamp")] = "10",
    size: Annotated[str, Query(alias="pageSize")] = "800",
    token: Annotated[str, Query(alias="nextPageToken")] = "",
) -> Answer:
    """Live values of the peer's own list. 410: something fetched before is not to be matched any more; begin anew."""
    peer = _peer(request)
    if not peer.may(Scope.FEED):
        return _not_for_this()
    if not _NUMBER.fullmatch(since) or not _NUMBER.fullmatch(size):
        return _problem(
            HTTPStatus.BAD_REQUEST, "startTimestamp and pageSize are whole numbers of up to 12 digits"
        )
    try:
        return Status(HTTPStatus.OK, serving.fetched(peer, int(since), token, int(size), now()))
    except serving.BadToken as error:
        return _problem(HTTPStatus.BAD_REQUEST, str(error))
    except serving.MustBeginAnew as error:
        return _problem(HTTPStatus.GONE, str(error))


@router.post("/SubmitHashes", response={200: Done, **_REFUSED})
def submit_values(request: HttpRequest) -> Answer:
    """Values of the peer's own: searched apart, never mixed with the bank of cases, never shared."""
    peer = _peer(request)
    if not peer.may(Scope.SUBMIT):
        return _not_for_this()
    try:
        taken = take_in(peer.name, records.read_submitted(request.body), now())
    except PeerTrouble as error:
        return _problem(HTTPStatus.BAD_REQUEST, str(error))
    stored = taken.added + taken.changed + taken.withdrawn + taken.same
    return Status(HTTPStatus.OK, {"count": stored, "put_aside": taken.quarantined})


@router.post("/SubmitFeedback", response={200: Done, **_REFUSED})
def submit_feedback(request: HttpRequest) -> Answer:
    """What became of matches. Feedback on a value that is not in the peer's list is put aside."""
    peer, at = _peer(request), now()
    if not peer.may(Scope.FEEDBACK):
        return _not_for_this()
    try:
        said, batch = records.read_feedback(request.body)
    except PeerTrouble as error:
        return _problem(HTTPStatus.BAD_REQUEST, str(error))
    names = lookup.names_by_value(peer, [one.value for one in said])
    unknown = []
    for one in said:
        name, verdict = names.get(one.value), records.VERDICTS[one.verdict]
        if name is None:
            unknown.append(Refused(one.value.hex(), Reason.UNKNOWN, one.digest))
        elif verdict is not None:
            feedback.take(peer, name, Verdict(verdict), at)
    aside = (*batch.refused, *unknown)
    if aside:
        take_in(peer.name, Batch(refused=aside), at)
    return Status(HTTPStatus.OK, {"count": len(said) - len(unknown), "put_aside": len(aside)})


def _peer(request: HttpRequest) -> Peer:
    peer = getattr(request, "auth", None)
    assert isinstance(peer, Peer), "nobody comes here without a key"
    return peer


def _not_for_this() -> Answer:
    return _problem(HTTPStatus.FORBIDDEN, "your key was not given for this: ask the centre")


def _problem(status: HTTPStatus, words: str) -> Answer:
    return Status(status, {"problem": words})
