"""Which request gets which answer. Knows no server: `rsgi.py` carries requests in and answers out."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint import ChildDidNotStart, fingerprint_image
from unseen.match_server import banks, lookups, own
from unseen.match_server.arguments import PDQ, names, pdq_of
from unseen.match_server.limits import BATCH_BYTES_MAX, COMPARE_BYTES_MAX, UPLOAD_BYTES_MAX
from unseen.match_server.metrics import Metrics
from unseen.match_server.source import UNREADABLE, Found, Lease, Source
from unseen.match_server.uploads import Fingerprinter, pdq_of_upload
from unseen.match_server.wire import TEXT, Answer, Lacking, Refused, Request, as_json

log = logging.getLogger(__name__)

_ALIVE = Answer(200, b"I-AM-ALIVE", TEXT)
_NOT_LOADED = Answer(503, b"INDEX-NOT-LOADED", TEXT)
_STALE = Answer(503, b"INDEX-STALE", TEXT)
_BANK = "/c/bank/"


class Lane(Enum):
    """How a route's work is done."""

    AT_ONCE = "at once"  # microseconds
    BATCH = "batch"  # in a thread, so that single look-ups do not wait for it
    UPLOAD = "upload"  # in a thread that waits for a decoding child; few at a time


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is what metrics call it."""

    name: str
    work: Callable[[Request], Answer]
    lane: Lane = Lane.AT_ONCE
    body_bytes_max: int = 0


class Service:
    """One for each process. `clock`: Unix seconds."""

    def __init__(
        self, source: Source, clock: Callable[[], float], make: Fingerprinter = fingerprint_image
    ) -> None:
        self.metrics = Metrics()
        self._source = source
        self._clock = clock
        self._make = make
        self._readable = True
        self._routes: Mapping[str, Mapping[str, Route]] = {
            "/status": {"GET": Route("status", self._status)},
            "/status/live": {"GET": Route("live", lambda _: _ALIVE)},
            "/metrics": {"GET": Route("metrics", self._metrics)},
            "/h/hash": {
                "GET": Route("hash_location", _refuse_location),
                "POST": Route("hash", self._fingerprint, Lane.UPLOAD, UPLOAD_BYTES_MAX),
            },
            "/m/raw_lookup": {"GET": Route("raw_lookup", self._raw_lookup)},
            "/m/lookup": {
                "GET": Route("lookup", self._lookup),
                "POST": Route("lookup_upload", self._lookup_upload, Lane.UPLOAD, UPLOAD_BYTES_MAX),
            },
            "/m/compare": {"POST": Route("compare", _compare, body_bytes_max=COMPARE_BYTES_MAX)},
            "/m/index/status": {"GET": Route("index_status", self._index_status)},
            "/c/banks": {"GET": Route("banks", lambda _: banks.banks(self._source.lease()))},
            _BANK: {"GET": Route("bank", self._bank)},
            "/v1/match": {
                "GET": Route("match", self._match),
                "POST": Route("match_batch", self._batch, Lane.BATCH, BATCH_BYTES_MAX),
            },
        }

    def route(self, method: str, path: str) -> Route | Answer:
        """The route, or the refusal: unknown path, wrong method."""
        known = self._routes.get(path)
        if known is None and path.startswith(_BANK) and "/" not in path[len(_BANK) :]:
            known = self._routes[_BANK]
        if known is None or path == _BANK:
            return as_json({"message": "there is no such path here: see docs/running/match-server.md"}, 404)
        found = known.get("GET" if method == "HEAD" else method)
        if found is None:
            allow = ", ".join(known)
            return Answer(
                405, b'{"message":"The method is not allowed for the requested URL."}\n', allow=allow
            )
        return found

    def answer(self, route: Route, request: Request) -> Answer:
        """What this request gets; refusals are answers."""
        try:
            made = route.work(request)
        except (Refused, Lacking) as refusal:
            return refusal.answer()
        except UNREADABLE as trouble:
            if self._readable:
                log.error(
                    "the files cannot be read: see `unseen bank verify` or `unseen replica status`",
                    extra={"error": type(trouble).__name__},
                )
            self._readable = False
            return as_json({"message": "the files cannot be read: see this server's log"}, 503)
        except ChildDidNotStart:
            log.error("the sandbox for uploads did not start: run `unseen doctor`")
            return as_json({"message": "uploads cannot be read here now: see this server's log"}, 503)
        self._readable = True
        return made

    def _find(self, queries: NDArray[np.uint8]) -> Found:
        found = self._source.find(queries)
        self.metrics.searched(len(queries), found)
        return found

    def _status(self, _: Request) -> Answer:
        try:
            return _ALIVE if self._source.lease().may_act else _STALE
        except UNREADABLE:
            return _NOT_LOADED

    def _metrics(self, _: Request) -> Answer:
        facts, lease = None, Lease()
        with suppress(*UNREADABLE):
            facts, lease = self._source.facts(), self._source.lease()
        return self.metrics.page(facts, lease, int(self._clock()))

    def _raw_lookup(self, request: Request) -> Answer:
        query = lookups.query_of(*lookups.signal_of(request.arguments))
        return lookups.raw_lookup(request.arguments, self._find(query))

    def _lookup(self, request: Request) -> Answer:
        query = lookups.query_of(*lookups.signal_or_location(request.arguments))
        return as_json(lookups.lookup(self._find(query), names(request.arguments, "banks")))

    def _lookup_upload(self, request: Request) -> Answer:
        found = self._find(pdq_of(pdq_of_upload(request, self._make)))
        return as_json({PDQ: lookups.lookup(found, names(request.arguments, "banks"))})

    def _fingerprint(self, request: Request) -> Answer:
        return as_json({PDQ: pdq_of_upload(request, self._make)})

    def _index_status(self, request: Request) -> Answer:
        return lookups.index_status(request.arguments, self._source.facts())

    def _bank(self, request: Request) -> Answer:
        return banks.bank(unquote(request.path[len(_BANK) :]), self._source.lease())

    def _match(self, request: Request) -> Answer:
        if "pdq" not in request.arguments:
            raise Lacking("pdq", "missing", "Field required")
        return own.match(self._find(pdq_of(request.arguments["pdq"])), self._source.lease())

    def _batch(self, request: Request) -> Answer:
        return own.batch(self._find(own.queries_of(request.body)), self._source.lease())


def _compare(request: Request) -> Answer:
    return lookups.compare(request.content_type, request.body)


def _refuse_location(_: Request) -> Answer:
    raise Refused(403, "this server loads no addresses: send the file itself, by POST")
