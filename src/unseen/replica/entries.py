"""Which lines of the feed are about which entry: sorted runs in memory, small ones merged into larger ones."""

import numpy as np
import numpy.typing as npt

from unseen.feed.lines import Lines

Words = npt.NDArray[np.uint64]
Sequences = npt.NDArray[np.int64]

_BUILD_LINES = 1 << 20  # at a time: the first reading of the file is no reason to hold it in memory


def names_of(lines: Lines) -> Words:
    """uint64[N,2]: the entries' names as two words each."""
    return np.ascontiguousarray(lines["entry"]).view(np.uint64).reshape(len(lines), 2)


class Entries:
    """Finds the lines of entries by the first half of their random names; the caller compares the whole. 12 bytes a line."""

    def __init__(self) -> None:
        self._runs: list[tuple[Words, npt.NDArray[np.uint32]]] = []

    @classmethod
    def of(cls, lines: Lines) -> "Entries":
        """All of a file's lines."""
        made = cls()
        for first in range(0, len(lines), _BUILD_LINES):
            made.append(lines[first : first + _BUILD_LINES], first)
        return made

    def append(self, lines: Lines, first: int) -> None:
        """Lines whose first has this sequence."""
        if not len(lines):
            return
        keys = names_of(lines)[:, 0]
        order = np.argsort(keys, kind="stable")
        self._runs.append((keys[order], (order + first).astype(np.uint32)))
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]):
            newer, older = self._runs.pop(), self._runs.pop()
            keys = np.concatenate([older[0], newer[0]])
            sequences = np.concatenate([older[1], newer[1]])
            order = np.argsort(keys, kind="stable")  # two sorted halves: merged in one pass
            self._runs.append((keys[order], sequences[order]))

    def lines_of(self, names: Words) -> Sequences:
        """Sequences of all lines that may be about these entries (uint64[N,2]), in order."""
        wanted = np.sort(names[:, 0])
        wanted = wanted[np.append(True, wanted[1:] != wanted[:-1])]  # np.unique takes four times as long
        found = [np.empty(0, np.int64)]
        for keys, sequences in self._runs:
            first = np.searchsorted(keys, wanted)
            there = keys[np.minimum(first, len(keys) - 1)] == wanted
            after = np.searchsorted(keys, wanted[there], "right")
            counts = after - first[there]
            starts = np.repeat(first[there] - np.cumsum(counts) + counts, counts)
            found.append(sequences[starts + np.arange(len(starts))].astype(np.int64))
        return np.sort(np.concatenate(found))
