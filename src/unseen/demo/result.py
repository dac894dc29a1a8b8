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
    """One notice: where it went and how its receipt was proven."""

    rung: str
    addressee: str
    channel: str
    law: str
    state: str
    received_at_hours: float | None
    deadline_at_hours: float | None
    proof: str


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
class DemoResult:
    """Everything that the table and the page show."""

    items: tuple[ItemResult, ...]
    verdicts: tuple[Verdict, ...]
    curve: tuple[CurvePoint, ...]
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
