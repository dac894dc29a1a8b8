"""What a replica says of itself, for `unseen replica status` and for metrics."""

from pathlib import Path

from unseen.matching import Bank
from unseen.replica.clock import Instant
from unseen.replica.health import read_health
from unseen.replica.state import read_state
from unseen.replica.store import DIGESTS, PICTURES, layout_for


def status_of(folder: Path, instant: Instant) -> dict[str, object]:
    """Numbers and words for people. Raises ReplicaError, BankError, OSError."""
    state, health = read_state(folder), read_health(folder)
    left_s = state.lease.left_s(instant)
    layout = layout_for(state.followed.log_size)
    rows = {name: len(Bank.open(folder / name, layout)) for name in (PICTURES, DIGESTS)}
    return {
        "standing": health.standing,
        "may_act": left_s > 0,
        "lease_left_s": round(left_s),
        "head_age_s": max(0, instant.now - state.followed.issued),
        "lines": state.size,
        "lines_behind": state.followed.log_size - state.size,
        **rows,
        "not_matching_any_more": len(state.outweighed),
        "failed": health.failed,
        "failed_in_a_row": health.failed_in_a_row,
        "refused": health.refused,
        "trouble": health.trouble,
    }
