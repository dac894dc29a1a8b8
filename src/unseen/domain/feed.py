"""What a peer may see of our hash bank, at which level, and what we recommend to do with an upload that matches."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from unseen.domain.limits import (
    DISPUTES_AT_ORGANISATION_MIN,
    QUALITY_MIN,
    SELF_ASSERTED_LASTS,
)


class Level(IntEnum):
    """How far a claim is verified."""

    SELF_ASSERTED = 0
    CORROBORATED = 1  # our own look found the material at a place
    ORGANISATION = 2  # two members of staff, one after the other
    LEGAL_ORDER = 3  # a document that two members of staff recorded


class LineAction(IntEnum):
    """What the centre recommends to do with an upload that matches."""

    NONE = 0
    REVIEW = 1
    REMOVE_AND_REVIEW = 2
    BLOCK = 3


class EntryState(StrEnum):
    """How an entry stands for all peers."""

    LIVE = "live"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Scope(StrEnum):
    """What a peer's key is for."""

    FEED = "feed"
    FEEDBACK = "feedback"
    SUBMIT = "submit"  # fingerprints of its own, which are searched apart and never shared


class Verdict(StrEnum):
    """What a peer says about an entry after it matched."""

    BLOCKED = "blocked"
    NOT_NCII = "not_ncii"
    CANNOT_TELL = "cannot_tell"
    POLICY_DISAGREE = "policy_disagree"
    BROKEN = "broken"
    DISPUTED = "disputed"


DOUBTS = frozenset((Verdict.NOT_NCII, Verdict.DISPUTED))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a material: all that decides its level."""

    found_by_us: bool = False
    by_two_people: bool = False
    by_legal_order: bool = False

    @property
    def level(self) -> Level:
        """The highest that it reaches."""
        if self.by_legal_order:
            return Level.LEGAL_ORDER
        if self.by_two_people:
            return Level.ORGANISATION
        return Level.CORROBORATED if self.found_by_us else Level.SELF_ASSERTED


def may_be_shared(*, quality: int, consented: bool, withdrawn: bool, degenerate: bool) -> bool:
    """Only with the person's consent, only fingerprints that prove something, never after withdrawal."""
    return consented and not withdrawn and quality >= QUALITY_MIN and not degenerate


def is_for(level: Level, level_min: Level) -> bool:
    """Whether a peer that takes entries from `level_min` on gets one of this level."""
    return level >= level_min


def action_at(level: Level, *, minor: bool, harmless: bool) -> LineAction:
    """What we recommend. What looks like a common harmless picture is never acted on without a person."""
    if level == Level.SELF_ASSERTED or harmless:
        return LineAction.REVIEW
    if level == Level.CORROBORATED and not minor:
        return LineAction.REMOVE_AND_REVIEW
    return LineAction.BLOCK


def expires_at(level: Level, added_at: datetime) -> datetime | None:
    """When an entry ends by itself: a bare word lasts 90 days. At a full day, so that no two entries show by it that they
    came together.
    """
    if level > Level.SELF_ASSERTED:
        return None
    end = added_at + SELF_ASSERTED_LASTS
    return end.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def suspends(level: Level, doubting_peers: int) -> bool:
    """Whether so many peers' doubt suspends an entry: one's where we have looked least, two's where two people had looked."""
    return doubting_peers >= (DISPUTES_AT_ORGANISATION_MIN if level >= Level.ORGANISATION else 1)
