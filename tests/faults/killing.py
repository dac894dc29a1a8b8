"""Points at which a worker can die: before and after every database commit, and around everything it sends.

A life runs inside one outer transaction that is rolled back in the end, so an engine's outermost transaction is a
savepoint here. Dying before its commit undoes it, as a killed process's transaction is undone; dying after it does not.
A write outside any transaction commits by itself, so it is a commit too.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection

from unseen.takedown.channels.envelope import Envelope, LookUpResult, SendResult
from unseen.takedown.tests.outside import Outside

IN_FLIGHT_FOR = timedelta(seconds=30)  # a relay may still take a message whose sender has just died
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """The worker is dead: nothing of it may catch this."""


@dataclass
class Points:
    """Counts the points of a life, and dies at those in `deadly`. `trail` names those that were passed."""

    deadly: Collection[int] = ()
    trail: list[str] = field(default_factory=list)

    def point(self, name: str) -> None:
        self.trail.append(name)
        if len(self.trail) in self.deadly:
            raise Killed(name)


@contextmanager
def mortal_commits(points: Points) -> Iterator[None]:
    """Every commit of the block is two points."""
    outer = len(connection.savepoint_ids)
    commit = connection.savepoint_commit

    def committed(sid: str) -> None:
        if len(connection.savepoint_ids) > outer:
            commit(sid)
            return
        try:
            points.point("before a commit")
        except Killed:
            connection.savepoint_rollback(sid)
            commit(sid)
            raise
        commit(sid)
        points.point("after a commit")

    def executed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        by_itself = len(connection.savepoint_ids) == outer and sql.startswith(_WRITES)
        if by_itself:
            points.point(f"before {sql[:30]}")
        result = execute(sql, params, many, context)
        if by_itself:
            points.point(f"after {sql[:30]}")
        return result

    with patch.object(connection, "savepoint_commit", committed), connection.execute_wrapper(executed):
        yield


@dataclass
class Mortal:
    """Before any addressee: sending and looking up are points; a message whose sender dies half way arrives a little later."""

    points: Points = field(default_factory=Points)
    in_flight: list[tuple[datetime, Envelope]] = field(default_factory=list)

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        """Hand over once, and perhaps die of it."""
        self.points.point("before a send")
        try:
            self.points.point("in the middle of a send")
        except Killed:
            self.in_flight.append((now + IN_FLIGHT_FOR, envelope))
            raise
        result: SendResult = super().send(envelope, now)  # type: ignore[misc] # the addressee that it stands before
        self.points.point("after a send")
        return result

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        """Ask, and perhaps die with the answer."""
        result: LookUpResult = super().look_up(envelope, now)  # type: ignore[misc] # same
        self.points.point("after a look-up")
        return result

    def arrive(self, now: datetime) -> None:
        """What was on the line until now is there."""
        for at, envelope in [one for one in self.in_flight if one[0] <= now]:
            self.in_flight.remove((at, envelope))
            self.take(envelope, at)  # type: ignore[attr-defined] # same


@dataclass
class MortalOutside(Mortal, Outside):
    """The outside of one item's life."""
