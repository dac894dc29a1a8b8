"""What happened in one life, as an outsider could have seen it. Judges read this and the truth, nothing else."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from tests.simulation.characters import Character
from unseen.domain.notice import Rung
from unseen.domain.recheck import Look

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=365)
FOUND_BY_US = "found by us"


class What(StrEnum):
    """One kind of event. The first group is done by Unseen, the second by the world."""

    ACCEPTED = "accepted"
    LOOKED = "looked"
    TRIED = "tried to deliver"
    NOTICE_LEFT = "notice left"
    RECEIVED = "receipt stored"
    FAILED = "not deliverable"
    ASKED = "asked a person"
    CLOSED = "closed"
    REOPENED = "reopened"
    DUE = "next due"
    RESTED = "nothing due any more"

    REPORTED = "reported"
    ANSWERED = "person answered"
    SEND_AGAIN = "person said: send again"
    REFUSED = "they refused"
    SAID_REMOVED = "they say removed"
    BOUNCED = "mail came back"
    WITHDREW = "person withdrew"
    TAKEN_DOWN = "content taken down"
    PUT_BACK = "content put back"


class Happened(NamedTuple):
    """One event. `until` is the due time or the stored deadline; `hours` what the law gave on that day."""

    at: datetime
    what: What
    rung: Rung | None = None
    words: str = ""
    looks: tuple[Look, ...] = ()
    until: datetime | None = None
    hours: int = 0

    def line(self) -> str:
        """The event in one line for people."""
        views = " ".join(f"{look.vantage}:{look.page}/{look.media}" for look in self.looks)
        parts = [f"{self.at - START}", self.what, self.rung, self.words, views]
        if self.until is not None:
            parts.append(f"until {self.until - START}")
        return "  ".join(str(part) for part in parts if part)


@dataclass(slots=True)
class Life:
    """One item from report to the end of the year. `truth`: since when the content was really up, or not."""

    seed: int
    number: int
    platform: Character
    history: list[Happened] = field(default_factory=list)
    truth: list[tuple[datetime, bool]] = field(default_factory=list)

    def up_at(self, at: datetime) -> bool:
        """Whether the content was really there at that moment."""
        return next(up for since, up in reversed(self.truth) if since <= at)

    def lines(self) -> str:
        """The whole life, one line per event."""
        head = f"life {self.number} of seed {self.seed}: {self.platform}"
        return "\n".join([head, *("  " + event.line() for event in self.history)])
