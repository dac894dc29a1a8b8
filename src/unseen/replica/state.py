"""The state of a replica in one small file, replaced whole: the moment at which a page counts.

Text first (what was followed, the lease), then the numbers of additions that must not match although the bank may still
hold them, then commitments that have yet to be put in the place of values, then the SHA-256 of all.
"""

import hashlib
import json
import mmap
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from unseen.feed.follow import Followed
from unseen.feed.merkle import Frontier
from unseen.feed.signing import FeedKey
from unseen.matching.files import write_whole
from unseen.replica.entries import Sequences
from unseen.replica.errors import ReplicaError
from unseen.replica.lease import Lease

NAME = "state"
_FIRST = b"unseen-replica 1\n"
_ERASURE = np.dtype([("sequence", "<u8"), ("commitment", "V32")])


def _none() -> Sequences:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class State:
    """What is true of a replica between two changes."""

    followed: Followed
    lease: Lease = field(default_factory=Lease)
    outweighed: Sequences = field(default_factory=_none)  # in order
    outweighed_since: int = 0  # Unix seconds of the oldest of them; 0 where there is none
    erasing: tuple[tuple[int, bytes], ...] = ()
    rows: tuple[int, ...] = ()  # of each bank; another number there says that a change was not finished

    @property
    def size(self) -> int:
        """Lines that count."""
        return self.followed.frontier.size


@dataclass(frozen=True, slots=True)
class Held:
    """A state's file: while it is mapped, no later file has its inode."""

    inode: int
    map: mmap.mmap | None


def write_state(folder: Path, state: State) -> None:
    """Synced when it returns. OSError."""
    erasing = np.array(list(state.erasing), _ERASURE)
    told = {
        "followed": _followed_facts(state.followed),
        "lease": [state.lease.wall_until_s, state.lease.steady_until_s, state.lease.boot],
        "outweighed": len(state.outweighed),
        "outweighed_since": state.outweighed_since,
        "erasing": len(erasing),
        "rows": state.rows,
    }
    body = _FIRST + json.dumps(told, separators=(",", ":")).encode() + b"\n"
    body += state.outweighed.astype("<u8").tobytes() + erasing.tobytes()
    write_whole(folder / NAME, body + hashlib.sha256(body).digest())


def read_state(folder: Path) -> State:
    """Raises ReplicaError where there is none or it is damaged, OSError."""
    return hold_state(folder)[0]


def hold_state(folder: Path) -> tuple[State, Held]:
    """The state, and a hold on its file by which `is_newest` knows it again. Raises as `read_state`."""
    try:
        descriptor = os.open(folder / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise ReplicaError(f"{folder} holds no replica: begin one with --invitation FILE") from None
    try:
        facts = os.fstat(descriptor)
        held = mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) if facts.st_size else None
    finally:
        os.close(descriptor)
    return _parsed(folder, held[:] if held else b""), Held(facts.st_ino, held)


def is_newest(folder: Path, held: Held) -> bool:
    """Whether the state was not replaced since. OSError."""
    return (folder / NAME).stat().st_ino == held.inode


def _parsed(folder: Path, raw: bytes) -> State:
    body, digest = raw[:-32], raw[-32:]
    if not body.startswith(_FIRST) or hashlib.sha256(body).digest() != digest:
        raise ReplicaError(
            f"{folder / NAME} is damaged (it is not what was written): remove the folder and begin again with the invitation"
        )
    end = body.index(b"\n", len(_FIRST)) + 1
    told = json.loads(body[len(_FIRST) : end])
    outweighed = np.frombuffer(body, "<u8", told["outweighed"], end).astype(np.int64)
    erasing = np.frombuffer(body, _ERASURE, told["erasing"], end + outweighed.nbytes)
    wall_until_s, steady_until_s, boot = told["lease"]
    return State(
        _followed(told["followed"]),
        Lease(wall_until_s, steady_until_s, boot),
        outweighed,
        told["outweighed_since"],
        tuple((int(one["sequence"]), one["commitment"].tobytes()) for one in erasing),
        tuple(told["rows"]),
    )


def _followed_facts(followed: Followed) -> dict[str, object]:
    return {
        "feed": followed.feed,
        "keys": [[key.public.hex(), key.until] for key in followed.keys],
        "size": followed.frontier.size,
        "roots": [root.hex() for root in followed.frontier.roots],
        "issued": followed.issued,
        "log_size": followed.log_size,
        "lease_s": followed.lease_s,
    }


def _followed(told: dict[str, object]) -> Followed:
    keys, roots = told["keys"], told["roots"]
    assert isinstance(keys, list)
    assert isinstance(roots, list)
    numbers = [int(str(told[name])) for name in ("size", "issued", "log_size", "lease_s")]
    return Followed(
        str(told["feed"]),
        tuple(FeedKey(bytes.fromhex(public), until) for public, until in keys),
        Frontier(numbers[0], tuple(map(bytes.fromhex, roots))),
        *numbers[1:],
    )
