"""The follower's side of a replica's folder: a page counts whole or not at all, whenever the process is killed."""

import fcntl
import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from unseen.feed.follow import Followed
from unseen.feed.lines import LineKind, Lines, commitment_of
from unseen.matching import Bank
from unseen.replica.clock import Instant
from unseen.replica.effects import Effects, effects
from unseen.replica.entries import Entries, Sequences, names_of
from unseen.replica.errors import ReplicaError
from unseen.replica.lease import renewed
from unseen.replica.lines_file import LinesFile, mapped_lines, values_of
from unseen.replica.state import State, read_state, write_state

PICTURES, DIGESTS = "pictures", "digests"  # folders: rows within a radius, and SHA-256 that must be equal
# A fast index takes 256 bytes a row and a look-up 20 µs, a small one 52 bytes and 70 µs: up to 0.5 GB is well spent on speed.
_FAST_LINES_MAX = 2_000_000
_LOCK = "follower.lock"
_SWEEP_AFTER_S = 3_600
_SWEEP_AT_ONCE_ROWS = 250_000  # a bank of this size is written anew in less than half a second


def layout_for(lines: int) -> str:
    """Of the indexes that are made for a feed of so many lines."""
    return "fast" if lines <= _FAST_LINES_MAX else "small"


class Store:
    """One process at a time writes. After any error of `commit` it must be opened again."""

    def __init__(self, folder: Path) -> None:
        """Raises ReplicaError, BankError, OSError. What an unfinished change left is cleared, what was to be erased is."""
        self.folder = folder
        self.state = read_state(folder)
        with ExitStack() as undone:
            self._lock = _locked(folder)
            undone.callback(os.close, self._lock)
            self._lines = LinesFile(folder)
            undone.callback(self._lines.close)
            if self._lines.size() < self.state.size:
                raise ReplicaError(
                    f"{folder / 'lines'} is shorter than it was: remove the folder and begin again with the invitation"
                )
            self._lines.cut(self.state.size)
            self._lines.erase(self.state.erasing)
            self._banks = self._opened(self.state.followed.log_size)
            if self._rows() != self.state.rows:
                self._clear_unfinished()
            self._entries = Entries.of(mapped_lines(folder, self.state.size))
            self._undone = undone.pop_all()

    def close(self) -> None:
        self._undone.close()

    def commit(self, followed: Followed, new: Lines, instant: Instant, more_comes: bool = False) -> None:
        """Take over the lines of accepted pages, which lead from the state to `followed`. `more_comes`: at once, so that the bank
        need not be put in order yet.

        The bank gets the new rows first (nobody believes rows beyond the state's size), then the file its lines; writing
        the state is the moment at which all counts, withdrawals too. Raises BankError, OSError.
        """
        before = self.state
        if layout_for(before.followed.log_size) != layout_for(followed.log_size):
            self._banks = self._opened(followed.log_size)
        done = self._effects(new)
        self._add(new, done.live, more_comes)
        if len(new):
            self._lines.append(before.size, new)
        lines = mapped_lines(self.folder, followed.frontier.size)
        outweighed = np.union1d(before.outweighed, done.outweighed)
        self._write(
            State(
                followed,
                renewed(before.lease, before.followed, followed, instant),
                outweighed,
                (before.outweighed_since or instant.now) if len(outweighed) else 0,
                _commitments(lines, done.withdrawn),
                self._rows(),
            )
        )
        self._entries.append(new, before.size)
        self._lines.erase(self.state.erasing)

    def sweep(self, instant: Instant) -> int:
        """Take out of the banks what must not match any more, where it is time: a large one is written anew only once an
        hour. Returns how many rows' numbers were given up. Raises BankError, OSError.
        """
        state = self.state
        rows = sum(self._rows())
        waited_s = instant.now - state.outweighed_since
        if not len(state.outweighed) or (rows > _SWEEP_AT_ONCE_ROWS and 0 <= waited_s < _SWEEP_AFTER_S):
            return 0
        for bank in self._banks:
            bank.remove(state.outweighed.astype(np.uint64))
        self._write(replace(state, outweighed=state.outweighed[:0], outweighed_since=0, rows=self._rows()))
        return len(state.outweighed)

    def _rows(self) -> tuple[int, ...]:
        return tuple(map(len, self._banks))

    def _clear_unfinished(self) -> None:
        """Take out rows of a page that does not count."""
        for bank in self._banks:
            ids = bank.ids()
            bank.remove(ids[ids >= self.state.size])

    def _write(self, state: State) -> None:
        write_state(self.folder, state)
        self.state = state

    def _opened(self, lines: int) -> list[Bank]:
        return [Bank.open(self.folder / name, layout_for(lines)) for name in (PICTURES, DIGESTS)]

    def _effects(self, new: Lines) -> Effects:
        earlier = self._entries.lines_of(names_of(new)) if len(new) else np.empty(0, np.int64)
        known = mapped_lines(self.folder, self.state.size)[earlier]
        return effects(known, new, self.state.size)

    def _add(self, new: Lines, live: Sequences, more_comes: bool) -> None:
        added = new[live - self.state.size]
        exact = added["kind"] == LineKind.SHA256
        for bank, chosen in zip(self._banks, (~exact, exact), strict=True):
            bank.add(values_of(added[chosen]), live[chosen].astype(np.uint64), more_comes)


def _commitments(lines: Lines, withdrawn: Sequences) -> tuple[tuple[int, bytes], ...]:
    chosen = lines[withdrawn]
    pairs = zip(chosen["salt"], chosen["value"], strict=True)
    made = [commitment_of(salt.tobytes(), value.tobytes()) for salt, value in pairs]
    return tuple(zip(withdrawn.tolist(), made, strict=True))


def _locked(folder: Path) -> int:
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise ReplicaError(
            f"another process follows into {folder}: stop it, or choose another folder"
        ) from None
    return descriptor
