"""What a live check of one promise answers."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a promise holds on the living data, and what was looked at, in words without any report's words."""

    holds: bool
    evidence: str


def verdict(good: str, faults: Sequence[str]) -> Verdict:
    """It holds when nothing speaks against it."""
    return Verdict(not faults, "; ".join(faults) if faults else good)


def named(what: str, ids: Sequence[object]) -> list[str]:
    """One fault that names the first few rows by their id; none when there are no rows."""
    if not ids:
        return []
    shown = ", ".join(str(one) for one in ids[:3])
    return [f"{what}: {shown}{f' and {len(ids) - 3} more' if len(ids) > 3 else ''}"]
