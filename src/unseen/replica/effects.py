"""What new lines do to what is searched: pure, and the same whenever it is worked out again."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from unseen.feed.lines import LineOperation, Lines, erased
from unseen.replica.entries import Sequences, names_of


@dataclass(frozen=True, slots=True)
class Effects:
    """Each field: sequences of additions, in order."""

    live: Sequences  # new ones that may match
    outweighed: Sequences  # earlier ones that may not match any more
    withdrawn: Sequences  # whose values must go


def effects(lines: Lines, first: int) -> Effects:
    """Of all lines about the entries concerned, in order, those from sequence `first` on being new.

    A later line outweighs an earlier one about the same entry: a suspension ends all that was added before it, an addition
    replaces that of the same kind and part. A withdrawal is final, whatever is said after it.
    """
    if not len(lines):
        none = np.empty(0, np.int64)
        return Effects(none, none, none)
    sequence = lines["sequence"].astype(np.int64)
    operation = lines["operation"]
    adds = operation == LineOperation.ADD
    group = _groups(lines)
    stopped = np.full(int(group.max()) + 1, -1, np.int64)
    np.maximum.at(stopped, group[~adds], sequence[~adds])
    final = np.zeros(len(stopped), bool)
    final[group[operation == LineOperation.WITHDRAW]] = True
    gone = erased(lines)
    live = adds & ~gone & ~final[group] & (sequence > stopped[group])
    live[np.flatnonzero(live)[_replaced(lines[live], group[live])]] = False
    new = sequence >= first
    return Effects(sequence[live & new], sequence[adds & ~live & ~new], sequence[adds & final[group] & ~gone])


def _groups(lines: Lines) -> npt.NDArray[np.intp]:
    """A number for each line: lines of the same entry have the same."""
    names = names_of(lines)
    order = np.lexsort((names[:, 1], names[:, 0]))
    ordered = names[order]
    begins = np.concatenate([[False], (ordered[1:] != ordered[:-1]).any(axis=1)])
    group = np.empty(len(lines), np.intp)
    group[order] = np.cumsum(begins)
    return group


def _replaced(lines: Lines, group: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Additions that a later one of the same entry, kind and part replaces."""
    place = lines["kind"].astype(np.int64) << 16 | lines["part"]
    order = np.lexsort((lines["sequence"].astype(np.int64), place, group))
    same = (group[order][1:] == group[order][:-1]) & (place[order][1:] == place[order][:-1])
    replaced = np.zeros(len(lines), bool)
    replaced[order[:-1][same]] = True
    return replaced
