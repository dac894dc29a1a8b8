"""What every channel carries and answers. A channel is a folder with a `channel.py` that has `send` and `look_up`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Envelope:
    """A notice ready for a channel. `key` is its id: Message-ID and idempotency key are made from it."""

    key: str
    reference: str
    to: str
    subject: str
    body: str
    laws: tuple[str, ...]
    locations: tuple[str, ...]
    made_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The addressee's side took it over; `proof` is what it said (SMTP reply, receipt)."""

    proof: str


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """It did not go out. `permanent`: trying again the same way is useless. `ours`: our own relay is the trouble."""

    why: str
    permanent: bool
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """The line broke after the message may have gone: it must be looked up before anything else."""

    why: str


@dataclass(frozen=True, slots=True)
class NotThere:
    """Looked up: the other side never got it."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Looked up without an answer; a person has to decide if it stays so."""

    why: str


SendResult = Delivered | NotDelivered | Unclear
LookUpResult = Delivered | NotThere | CannotTell


class Channel(Protocol):
    """A way of sending a notice."""

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        """Hand the notice over once."""
        ...

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        """After a crash in the middle of `send`: did it go out?"""
        ...
