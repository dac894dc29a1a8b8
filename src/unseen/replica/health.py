"""How following goes, for people and for metrics: a small file beside the state. Nothing is decided by it but a fresh page."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

NAME = "health.json"


class Standing(StrEnum):
    """What the last asking was like."""

    BEGUN = "begun"  # nothing was asked yet
    FOLLOWING = "following"
    UNREACHABLE = "unreachable"  # no page came
    DISTRUST = "distrust"  # what came was refused: somebody, or a clock, is not what it should be


@dataclass(frozen=True, slots=True)
class Health:
    """Counts are since the replica was begun. Times are Unix seconds."""

    standing: Standing = Standing.BEGUN
    asked_at: int = 0
    accepted_at: int = 0
    failed: int = 0
    failed_in_a_row: int = 0
    refused: dict[str, int] = field(default_factory=dict)  # by kind, as unseen.feed.refusals names them
    trouble: str = ""  # of the last asking, in words


def read_health(folder: Path) -> Health:
    """What was written last; a file that cannot be read says nothing."""
    try:
        told = json.loads((folder / NAME).read_bytes())
        return Health(**{**told, "standing": Standing(told["standing"])})
    except (OSError, ValueError, TypeError, KeyError):
        return Health()


def write_health(folder: Path, health: Health) -> None:
    """Whole, but not synced: it may be lost with the machine. OSError."""
    beside = folder / (NAME + ".unfinished")
    beside.write_text(json.dumps(asdict(health), indent=1), encoding="utf-8")
    beside.replace(folder / NAME)
