"""Requests from Granian's RSGI to `Service`, and answers back. docs/decisions/0056 says why this server."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import get_native_id
from time import perf_counter
from typing import Protocol

from unseen.match_server.arguments import arguments_of
from unseen.match_server.limits import (
    BATCH_NICENESS,
    BATCHES_AT_ONCE_MAX,
    BODY_WITHIN_S,
    UPLOADS_AT_ONCE_MAX,
)
from unseen.match_server.service import Lane, Route, Service
from unseen.match_server.wire import Answer, Refused, Request, as_json

_COMMON = [("cache-control", "no-store"), ("x-content-type-options", "nosniff")]
_LANES = {Lane.BATCH: BATCHES_AT_ONCE_MAX, Lane.UPLOAD: UPLOADS_AT_ONCE_MAX}


class Headers(Protocol):
    """Of a request, in lower case."""

    def get(self, key: str, default: str, /) -> str: ...


class Scope(Protocol):
    """What RSGI tells of a request before its body."""

    proto: str
    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> Headers: ...


class Exchange(Protocol):
    """RSGI's HTTP protocol: the body as it comes, and the answer."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...


class Application:
    """One for each process; a request's work that takes long is done in a thread, at most so many at once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._under_way = dict.fromkeys(_LANES, 0)
        self._threads = {
            Lane.BATCH: ThreadPoolExecutor(BATCHES_AT_ONCE_MAX, "batch", _stand_back),
            Lane.UPLOAD: ThreadPoolExecutor(UPLOADS_AT_ONCE_MAX, "upload"),
        }

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        began = perf_counter()
        route = self._service.route(scope.method, scope.path)
        if isinstance(route, Answer):
            answer, name = route, "none"
        elif not route.body_bytes_max:
            answer, name = self._without_body(route, scope), route.name
        else:
            answer, name = await self._answer(route, scope, exchange), route.name
        headers = [("content-type", answer.content_type), *_COMMON]
        if answer.allow:
            headers.append(("allow", answer.allow))
        exchange.response_bytes(answer.status, headers, b"" if scope.method == "HEAD" else answer.body)
        self._service.metrics.answered(name, answer.status, perf_counter() - began)

    def _without_body(self, route: Route, scope: Scope) -> Answer:
        """Look-ups: no other request is waited for in between, which costs less than a task would."""
        try:
            arguments = arguments_of(scope.query_string)
        except Refused as refusal:
            return refusal.answer()
        return self._service.answer(route, Request(scope.method, scope.path, arguments))

    async def _answer(self, route: Route, scope: Scope, exchange: Exchange) -> Answer:
        if route.lane is Lane.AT_ONCE:
            return await self._answer_of(route, scope, exchange)
        if self._under_way[route.lane] >= _LANES[route.lane]:
            return as_json({"message": f"{_LANES[route.lane]} of these are under way: try again"}, 503)
        self._under_way[route.lane] += 1
        try:
            return await self._answer_of(route, scope, exchange)
        finally:
            self._under_way[route.lane] -= 1

    async def _answer_of(self, route: Route, scope: Scope, exchange: Exchange) -> Answer:
        try:
            arguments = arguments_of(scope.query_string)
            body = await _body(scope, exchange, route.body_bytes_max)
        except Refused as refusal:
            return refusal.answer()
        content_type = scope.headers.get("content-type", "")
        request = Request(scope.method, scope.path, arguments, content_type, body)
        if route.lane is Lane.AT_ONCE:
            return self._service.answer(route, request)
        work: Callable[[Route, Request], Answer] = self._service.answer
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads[route.lane], work, route, request)


def _stand_back() -> None:
    """On Linux each thread has a niceness of its own: on one core a look-up need not wait until a batch's turn is over."""
    thread = get_native_id()
    os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + BATCH_NICENESS)


async def _body(scope: Scope, exchange: Exchange, most: int) -> bytes:
    """The body, read no further than allowed. Raises Refused."""
    told = scope.headers.get("content-length", "")
    too_long = Refused(413, f"the body is longer than {most} bytes")
    if told.isascii() and told.isdigit() and int(told[:20]) > most:
        raise too_long
    pieces, size = [], 0
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for piece in exchange:
                size += len(piece)
                if size > most:
                    raise too_long
                pieces.append(piece)
    except TimeoutError:
        raise Refused(408, f"the body did not come within {BODY_WITHIN_S:.0f} seconds") from None
    return b"".join(pieces)
