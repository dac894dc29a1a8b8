"""Reads a whole replica again: do its lines still lead to the root that the centre signed, and are its banks as written?"""

from pathlib import Path

from unseen.feed.lines import leaves
from unseen.feed.merkle import Frontier
from unseen.matching import Bank
from unseen.replica.errors import ReplicaError
from unseen.replica.lines_file import raw_lines
from unseen.replica.state import read_state
from unseen.replica.store import DIGESTS, PICTURES, layout_for

_LINES_AT_ONCE = 100_000


def verify(folder: Path) -> tuple[int, int]:
    """Returns how many lines and rows were read. Raises ReplicaError or BankError at the first fault, OSError.

    Not while a follower writes: what it erases meanwhile would look like a fault.
    """
    state = read_state(folder)
    frontier = Frontier()
    for start in range(0, state.size, _LINES_AT_ONCE):
        size = min(start + _LINES_AT_ONCE, state.size)
        frontier = frontier.grown(leaves(raw_lines(folder, start, size)))
    if frontier != state.followed.frontier:
        raise ReplicaError(
            f"{folder / 'lines'} is damaged (it leads to another root): remove the folder and begin again with the invitation"
        )
    layout = layout_for(state.followed.log_size)
    return state.size, sum(Bank.open(folder / name, layout).verify().rows for name in (PICTURES, DIGESTS))
