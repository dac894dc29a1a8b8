"""Callers that are too many or too slow are told so, and cost nobody else an answer."""

import asyncio
import os
from collections.abc import AsyncIterator
from threading import get_native_id

import numpy as np
import pytest
from numpy.typing import NDArray

from unseen.match_server import rsgi
from unseen.match_server.limits import BATCH_NICENESS, UPLOADS_AT_ONCE_MAX
from unseen.match_server.rsgi import Application
from unseen.match_server.source import Found
from unseen.match_server.tests.asking import ONES, FakeExchange, FakeScope, SmallSource, asked, form, service


class Stuck(FakeExchange):
    """A body that begins and does not go on until it is let."""

    def __init__(self, whole: bytes, goes_on: asyncio.Event) -> None:
        super().__init__([whole])
        self._goes_on = goes_on

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await self._goes_on.wait()
        async for piece in super().__aiter__():
            yield piece


def status_of(exchange: FakeExchange) -> int:
    assert exchange.reply is not None
    return exchange.reply.status


def test_uploads_beyond_the_limit_are_refused_while_look_ups_go_on() -> None:
    async def scene() -> tuple[list[int], int, int, int]:
        application, goes_on = Application(service()), asyncio.Event()
        body, content_type = form(("photo", "a.png", b"x"))
        upload = FakeScope("POST", "/h/hash", "", {"content-type": content_type})
        under_way = [Stuck(body, goes_on) for _ in range(UPLOADS_AT_ONCE_MAX)]
        tasks = [asyncio.create_task(application(upload, each)) for each in under_way]
        await asyncio.sleep(0)
        one_more, look_up, later = FakeExchange([body]), FakeExchange([]), FakeExchange([body])
        await application(upload, one_more)
        await application(FakeScope("GET", "/m/lookup", f"signal_type=pdq&signal={ONES}"), look_up)
        goes_on.set()
        await asyncio.gather(*tasks)
        await application(upload, later)
        return (
            [status_of(each) for each in under_way],
            status_of(one_more),
            status_of(look_up),
            status_of(later),
        )

    held, one_more, look_up, later = asyncio.run(scene())
    assert held == [200] * UPLOADS_AT_ONCE_MAX
    assert (one_more, look_up, later) == (503, 200, 200)


def test_a_batch_stands_back_behind_look_ups() -> None:
    class Noting(SmallSource):
        def find(self, queries: NDArray[np.uint8]) -> Found:
            niceness.append(os.getpriority(os.PRIO_PROCESS, get_native_id()))
            return super().find(queries)

    niceness: list[int] = []
    of = service(Noting())
    asked(of, "POST", "/v1/match", bytes(32))
    asked(of, "GET", f"/v1/match?pdq={ONES}")
    batch, look_up = niceness
    assert batch - look_up == min(BATCH_NICENESS, 19 - look_up)


def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "BODY_WITHIN_S", 0.01)

    async def scene() -> int:
        exchange = Stuck(b"x", asyncio.Event())
        await Application(service())(FakeScope("POST", "/v1/match"), exchange)
        return status_of(exchange)

    assert asyncio.run(scene()) == 408
