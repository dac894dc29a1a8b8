"""What the judges are given, and how they read the tables: by plain SQL; only what is sealed is opened with the engine's keys."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen

from django.db import connection

from unseen.demo.run import Run
from unseen.demo.world import World
from unseen.keys.box import Sealed
from unseen.keys.queries import key_of

Judgement = tuple[list[str], str]
"""What is wrong, and what was seen when nothing is."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One run, and what others saw of it."""

    run: Run
    feed: bytes  # as a peer gets it over HTTP
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


def feed_over_http(address: str, key: str) -> bytes:
    """The whole feed as a peer reads it."""
    cursor, entries = 0, list[dict[str, Any]]()
    while True:
        request = Request(f"{address}/api/exchange/feed?cursor={cursor}", headers={"X-Unseen-Key": key})  # noqa: S310 - our own server
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
            page = json.load(answer)
        if not page["entries"]:
            return json.dumps({"entries": entries}).encode()
        entries += page["entries"]
        cursor = page["cursor"]
