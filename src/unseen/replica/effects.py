"""What new lines do to what is searched: pure, and the same whenever it is worked out again."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from unseen.domain.limits import QUALITY_MIN
from unseen.feed.lines import LineKind, LineOperation, Lines, erased
from unseen.replica.entries import Sequences, names_of
from unseen.replica.lines_file import joined


@dataclass(frozen=True, slots=True)
class Effects:
    """Each field: sequences of additions, in order."""

    live: Sequences  # new ones that may match
    outweighed: Sequences  # earlier ones that may not match any more
    withdrawn: Sequences  # whose values must go


def effects(known: Lines, new: Lines, first: int) -> Effects:
    """What `new` lines do, whose first has this sequence. `known`: all earlier lines about entries that they name, in order.

    A later line outweighs an earlier one about the same entry: a suspension ends all that was added before it, an addition
    replaces that of the same kind and part. A withdrawal is final, whatever is said after it.
    """
    alone = _alone(known, new)
    simple = np.flatnonzero(alone & _searchable(new)) + first
    shared = _of_shared(joined([known, new[~alone]]), first)
    return Effects(np.sort(np.concatenate([simple, shared.live])), shared.outweighed, shared.withdrawn)


def _alone(known: Lines, new: Lines) -> npt.NDArray[np.bool_]:
    """Additions whose entry no other line names: nearly all, and quickly found by half of their names."""
    keys = names_of(new)[:, 0]
    order = np.argsort(keys, kind="stable")
    same = keys[order][1:] == keys[order][:-1]
    alone: npt.NDArray[np.bool_] = new["operation"] == LineOperation.ADD
    alone[order[1:][same]] = False
    alone[order[:-1][same]] = False
    if len(known):
        alone &= ~np.isin(keys, names_of(known)[:, 0])
    return alone


def _of_shared(lines: Lines, first: int) -> Effects:
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
    live = adds & _searchable(lines) & ~final[group] & (sequence > stopped[group])
    live[np.flatnonzero(live)[_replaced(lines[live], group[live])]] = False
    new = sequence >= first
    return Effects(sequence[live & new], sequence[adds & ~live & ~new], sequence[adds & final[group] & ~gone])


def _searchable(lines: Lines) -> npt.NDArray[np.bool_]:
    """Additions whose value is there and proves something; the centre sends no other, but a replica does not rely on it."""
    good = (lines["quality"] >= QUALITY_MIN) | (lines["kind"] == LineKind.SHA256)
    searchable: npt.NDArray[np.bool_] = good & ~erased(lines)
    return searchable


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
