"""The same service on the servers that were looked at (decision 0056): `granian ... benchmarks.exchange.carriers:wsgi`."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from unseen.match_server.arguments import arguments_of
from unseen.match_server.rsgi import Application
from unseen.match_server.service import Service
from unseen.match_server.source import PlainBank
from unseen.match_server.wire import Answer, Request
from unseen.matching import Bank

_bank = Bank.open(os.environ["MATCH_SERVER_BANK"])
_bank.warm()
_service = Service(PlainBank(_bank, 31), time.time)
rsgi = Application(_service)


def wsgi(env: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    answer = _answer(env["REQUEST_METHOD"], env["PATH_INFO"], env["QUERY_STRING"])
    start(f"{answer.status} Said", [("content-type", answer.content_type), ("cache-control", "no-store")])
    return [answer.body]


async def asgi(
    scope: dict[str, Any], receive: Callable[[], Any], send: Callable[[dict[str, Any]], Any]
) -> None:
    answer = _answer(scope["method"], scope["path"], scope["query_string"].decode())
    headers = [(b"content-type", answer.content_type.encode()), (b"cache-control", b"no-store")]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _answer(method: str, path: str, query: str) -> Answer:
    route = _service.route(method, path)
    return (
        route
        if isinstance(route, Answer)
        else _service.answer(route, Request(method, path, arguments_of(query)))
    )
