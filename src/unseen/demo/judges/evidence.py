"""What the judges are given, and how they read the tables: by plain SQL; only what is sealed is opened with the engine's keys."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
from django.db import connection

from unseen.demo.run import Run
from unseen.demo.world import World
from unseen.feed.follow import Followed, accept
from unseen.feed.lines import LINE, Lines
from unseen.keys.box import Sealed
from unseen.keys.queries import key_of

Judgement = tuple[list[str], str]
"""What is wrong, and what was seen when nothing is."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One run, and what others saw of it."""

    run: Run
    feed: Lines  # of a peer, as it accepted them over HTTP
    pages: tuple[bytes, ...]  # the desk's pages as staff get them

    @property
    def world(self) -> World:
        """The world that was run."""
        return self.run.world


def rows(sql: str) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def plain(value: bytes, column: str) -> bytes:
    """What a sealed column holds; this needs the case's key, so nothing for a case whose key was destroyed."""
    sealed = Sealed(value)
    return key_of(sealed.owner).open(column, sealed) if sealed else b""


def text(value: bytes, column: str) -> str:
    """The same of words."""
    return plain(value, column).decode()


def time_of(value: object) -> datetime:
    """A time as SQLite (text) or PostgreSQL gives it, aware, in UTC."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def feed_over_http(address: str, key: str, state: Followed, now: datetime) -> Lines:
    """A peer's whole list as it reads and accepts it. Raises PageRefused."""
    pages = [np.zeros(0, LINE)]
    while True:
        request = Request(  # noqa: S310 - our own server
            f"{address}/exchange/v1/page?after={state.frontier.size}", headers={"X-Unseen-Key": key}
        )
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
            state, lines = accept(state, answer.read(), int(now.timestamp()))
        if not len(lines):
            return np.concatenate(pages)
        pages.append(lines)
