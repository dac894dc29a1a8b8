"""What every channel carries and answers. A channel is a folder whose `channel.py` has `send`, `look_up` and `preview`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from unseen.domain.batch import NO_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Envelope:
    """A notice ready for a channel. `key` is its id on the wire: Message-ID and idempotency key are made from it."""

    key: str
    reference: str
    to: str
    subject: str
    body: str
    laws: tuple[str, ...]
    locations: tuple[str, ...]
    made_at: datetime
    language: str
    addressee: str = ""  # key of the party
    limits: Limits = NO_LIMITS
    # For machines: the laws with their versions and hours, and what was done before. Names nobody but addressees.
    particulars: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The addressee's side took it over; `proof` is what it said (SMTP reply, receipt).

    `loaded`: the locations that it says it took up, where it says so at all.
    """

    proof: str
    loaded: tuple[str, ...] | None = None


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


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of what the addressee sees. `copied`: a person copies it into a form, so it stands exactly."""

    name: str
    content: str
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """All that the addressee will see, made by the code that sends."""

    parts: tuple[Part, ...]


SendResult = Delivered | NotDelivered | Unclear
LookUpResult = Delivered | NotThere | CannotTell


class Channel(Protocol):
    """A way of sending a notice."""

    @property
    def remembers(self) -> bool:
        """Whether `look_up` can tell which notices went out. Only then are several begun before the first is finished."""
        ...

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        """Hand the notice over once."""
        ...

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        """After a crash in the middle of `send`: did it go out?"""
        ...

    def preview(self, envelope: Envelope) -> Preview:
        """What the addressee will see. Raises ValueError for a notice that `send` would refuse to build."""
        ...
