"""What a demonstration comes to. Times are simulated hours since its start."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an item, in plain words."""

    at_hours: float
    words: str


@dataclass(frozen=True, slots=True)
class Route:
    """One notice: where it went, under which laws, how its receipt was proven, and what it came to."""

    rung: str
    addressee: str
    channel: str
    law: str
    state: str
    received_at_hours: float | None
    deadline_at_hours: float | None
    proof: str
    laws: tuple[str, ...] = ()  # as people write them, the one whose clock counts first
    due_within_hours: float | None = None
    due_by_law: bool = False  # else it is our own target
    came_to: str = ""  # in words
    decides: bool = False  # the notice on which the item stands or fell


@dataclass(frozen=True, slots=True)
class Saw:
    """What one vantage found in the look that decided, or in the last one."""

    vantage: str
    country: str
    kind: str
    is_proof: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What the outcome rests on: which vantages saw what, and when."""

    saw: tuple[Saw, ...]
    at_hours: float  # of that look
    gone_since_hours: float | None  # the first look of the row that said gone
    looked_last_hours: float
    says_last: str  # the finding of the last look
    proven: bool  # gone, from enough vantages in enough countries, and it held
    why_not: str = ""  # in words


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One row of the table."""

    number: int
    platform: str
    location: str
    found_by: str
    how: str  # which edit explains the match
    came_back_from: int | None
    rounds: int
    routes: tuple[Route, ...]
    steps: tuple[Step, ...]
    findings: Mapping[str, str]  # vantage -> the finding of the last recheck
    stage: str
    outcome: str
    opened_at_hours: float
    closed_at_hours: float | None
    proof: Proof | None  # None: nobody looked
    still_served: tuple[str, ...]  # the truth at the end: countries in which a stranger still gets it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one judge says about one promise."""

    promise: int
    words: str
    holds: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The truth at one instant: copies that anybody can still get, and items that the engine holds open."""

    at_hours: float
    copies_served: int
    items_open: int


@dataclass(frozen=True, slots=True)
class UploadTry:
    """Somebody brought a picture to a platform whose upload door asks its replica of our feed."""

    at_hours: float
    platform: str
    whose: str  # of the case that stays, of the case that is withdrawn, or of nobody's
    edit: str
    after_withdrawal: bool
    refused: bool
    rightly: bool  # what it should have been


@dataclass(frozen=True, slots=True)
class DemoResult:
    """Everything that the table and the page show."""

    items: tuple[ItemResult, ...]
    verdicts: tuple[Verdict, ...]
    curve: tuple[CurvePoint, ...]
    uploads: tuple[UploadTry, ...]
    notices_sent: int
    rechecks: int
    bystanders: int  # unrelated pictures on the same sites, untouched
    simulated_hours: float
    wall_seconds: float
    kills: int
    seed: int
    liars: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every judge agrees."""
        return all(verdict.holds for verdict in self.verdicts)
