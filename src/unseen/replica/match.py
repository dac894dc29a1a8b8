"""What a platform asks beside its upload door: does this upload match, and what may be done without a person."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from unseen.domain.limits import QUALITY_MIN, RADIUS_BITS
from unseen.feed.lines import LINE, Level, LineAction, LineKind, Lines
from unseen.matching import Bank, Hits
from unseen.replica.clock import Clock, Instant, system_instant
from unseen.replica.entries import Sequences
from unseen.replica.errors import ReplicaError
from unseen.replica.lines_file import mapped_lines
from unseen.replica.state import Held, State, hold_state, is_newest, read_state
from unseen.replica.store import DIGESTS, PICTURES, layout_for

MARK_BITS = 4  # bits that the centre may have flipped in this peer's list, to know it again when it leaks
MATCH_RADIUS_BITS = RADIUS_BITS + MARK_BITS
_FRAMES_MIN, _FILM_SHARE_MIN = 3, 0.5  # decision 0055
_READ_AGAIN_MAX = 5  # a follower may replace the state while it is read


@dataclass(frozen=True, slots=True)
class Match:
    """One entry that an upload matches."""

    entry: str  # 32 hex digits: what feedback names
    level: Level
    action: LineAction  # REVIEW for all once the lease has ended
    distance_bits: int
    kind: LineKind
    part: int = 0  # the frame of a video
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Equally long arrays, one element a match, ordered by query, then distance."""

    query: npt.NDArray[np.int64]
    line: Lines
    action: npt.NDArray[np.uint8]  # LineAction
    distance_bits: npt.NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.query)


NOTHING = Found(np.empty(0, np.int64), np.empty(0, LINE), np.empty(0, np.uint8), np.empty(0, np.uint16))


@dataclass(frozen=True, slots=True)
class FilmMatch:
    """One entry that frames of an upload show. One frame of a long film is no match of the film: `action` is REVIEW unless
    three frames and half of the upload's agree.
    """

    entry: str
    level: Level
    action: LineAction
    frames: int  # of the upload
    share: float  # of the upload's frames
    distance_bits: int  # of the nearest


class Replica:
    """A replica as any number of processes read it, beside the one that follows. Changes show at the next question."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self._clock = clock
        self._seen: _Seen | None = None
        layout = layout_for(self._newest().state.followed.log_size)
        self._pictures = Bank.open(folder / PICTURES, layout)
        self._digests = Bank.open(folder / DIGESTS, layout)

    @classmethod
    def open(cls, folder: str | os.PathLike[str], clock: Clock = system_instant) -> Self:
        """Raises ReplicaError where the folder holds none, BankError where it is damaged."""
        path = Path(folder)
        read_state(path)  # before a bank would be made there
        return cls(path, clock)

    def match(self, pdq: bytes | str, quality: int = 100) -> list[Match]:
        """Entries near a PDQ fingerprint (32 bytes, or 64 hex digits), the nearest first; none for one of a quality below 50,
        which proves nothing. Raises ValueError, BankError.
        """
        raw = bytes.fromhex(pdq) if isinstance(pdq, str) else pdq
        if len(raw) != 32:
            raise ValueError(f"a PDQ fingerprint has 32 bytes; this one has {len(raw)}")
        if quality < QUALITY_MIN:
            return []
        return matches_of(self.find(np.frombuffer(raw, np.uint8).reshape(1, 32)))

    def match_film(self, frames: Sequence[bytes]) -> list[FilmMatch]:
        """Films and pictures that the frames of an upload show, the surest first. Give PDQ fingerprints of quality 50 or more,
        32 bytes each, of frames a second or so apart. Raises ValueError, BankError.
        """
        queries = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, 32)
        return film_matches(self.find(queries), len(queries)) if len(queries) else []

    def match_sha256(self, digest: bytes | str) -> list[Match]:
        """Entries with exactly this SHA-256 of a file (32 bytes, or 64 hex digits). Raises ValueError, BankError."""
        raw = bytes.fromhex(digest) if isinstance(digest, str) else digest
        if len(raw) != 32:
            raise ValueError(f"a SHA-256 has 32 bytes; this one has {len(raw)}")
        seen = self._newest()
        return matches_of(
            self._found(seen, self._digests.search(np.frombuffer(raw, np.uint8).reshape(1, 32), 0))
        )

    def find(self, queries: npt.NDArray[np.uint8], radius_bits: int = MATCH_RADIUS_BITS) -> Found:
        """Matches of many PDQ fingerprints (uint8[Q,32]). Raises ValueError, BankError."""
        seen = self._newest()  # before the search: rows leave the bank only after the state has said so
        return self._found(seen, self._pictures.search(queries, radius_bits))

    def __len__(self) -> int:
        """Fingerprints of pictures and frames that are searched."""
        return len(self._pictures)

    def lease_left_s(self) -> float:
        """Seconds for which matches may be acted on without a person, as things are."""
        return self.state().lease.left_s(self._clock())

    def instant(self) -> Instant:
        """Now, by this replica's clock."""
        return self._clock()

    def warm(self) -> None:
        """Read all that a search can need before the first one needs it. Raises BankError."""
        self._pictures.warm()
        self._digests.warm()

    def state(self) -> State:
        """What counts now. Raises ReplicaError."""
        return self._newest().state

    def _newest(self) -> "_Seen":
        for _ in range(_READ_AGAIN_MAX):
            with suppress(FileNotFoundError):
                seen = self._seen
                if seen is None or not is_newest(self.folder, seen.held):
                    seen = self._seen = _read(self.folder)
                return seen
        raise ReplicaError(f"{self.folder} holds no replica any more: begin one with --invitation FILE")

    def _found(self, seen: "_Seen", hits: Hits) -> Found:
        if not len(hits):  # nearly every upload
            return NOTHING
        now, state = self._clock(), seen.state
        # Rows beyond the size are of a page that does not count yet.
        there = hits.id < state.size
        sequence = hits.id[there].astype(np.int64)
        line = seen.lines[sequence]
        # A clock that was turned back brings no expired entry back: it is at least as late as the last head.
        late = max(now.now, state.followed.issued)
        stays = ~_among(sequence, state.outweighed) & ((line["expires"] == 0) | (line["expires"] > late))
        line = line[stays]
        action = line["action"].astype(np.uint8)
        if not state.lease.left_s(now):
            action = np.full(len(line), LineAction.REVIEW, np.uint8)
        return Found(hits.query[there][stays], line, action, hits.distance_bits[there][stays])


@dataclass(frozen=True, slots=True)
class _Seen:
    """One state and the lines that count in it."""

    held: Held
    state: State
    lines: Lines


def _read(folder: Path) -> _Seen:
    state, held = hold_state(folder)
    return _Seen(held, state, mapped_lines(folder, state.size))


def _among(few: Sequences, many: Sequences) -> npt.NDArray[np.bool_]:
    """Which of a few numbers are among many that are in order."""
    if not len(many):
        return np.zeros(len(few), bool)
    place = np.minimum(np.searchsorted(many, few), len(many) - 1)
    there: npt.NDArray[np.bool_] = many[place] == few
    return there


def matches_of(found: Found) -> list[Match]:
    """One object a match, in order."""
    return [
        Match(
            line["entry"].tobytes().hex(),
            Level(int(line["level"])),
            LineAction(int(action)),
            int(distance_bits),
            LineKind(int(line["kind"])),
            int(line["part"]),
            int(line["at_ms"]),
        )
        for line, action, distance_bits in zip(found.line, found.action, found.distance_bits, strict=True)
    ]


def film_matches(found: Found, frames: int) -> list[FilmMatch]:
    """Matches of so many frames of one upload, by entry."""
    by_entry: dict[str, dict[int, Match]] = {}
    for query, match in zip(found.query.tolist(), matches_of(found), strict=True):
        by_entry.setdefault(match.entry, {}).setdefault(query, match)
    made = []
    for entry, hits in by_entry.items():
        nearest = min(hits.values(), key=lambda match: match.distance_bits)
        agree = len(hits) >= _FRAMES_MIN and len(hits) >= _FILM_SHARE_MIN * frames
        action = nearest.action if agree else LineAction.REVIEW
        share = len(hits) / frames
        made.append(FilmMatch(entry, nearest.level, action, len(hits), share, nearest.distance_bits))
    return sorted(made, key=lambda match: -match.share)


def matches_by_query(found: Found, queries: int) -> Sequence[list[Match]]:
    """For each of so many queries its matches."""
    sorted_out: list[list[Match]] = [[] for _ in range(queries)]
    for query, match in zip(found.query.tolist(), matches_of(found), strict=True):
        sorted_out[query].append(match)
    return sorted_out
