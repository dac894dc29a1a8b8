"""The level deep: local features of originals in a bank of their own, and what a query's features find there.

A match needs two things: many patches that agree on one motion, and parts of the picture that are alike once the query
is laid onto the original by that motion. A chance fit has the first and never the second.
"""

import os
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint.deep_model import Fit, Original, PartPrints, Query
from unseen.fingerprint.pool import Align
from unseen.matching import checked_lines, deep_records, deep_votes
from unseen.matching.bank import Bank, Verified
from unseen.matching.deep_records import ORIGINALS, Record
from unseen.matching.files import MANIFEST, BankError
from unseen.matching.geometry import motions

FOLDER = "deep"
# Measured on photographs, see benchmarks/robustness and docs/decisions/0017-local-features-and-aligned-parts.md.
FEATURE_RADIUS_BITS = 31  # 35 finds no more copies and costs twice the time: the index is made for 31
PART_RADIUS_BITS = 60
# Stripes over a copy move every part. No chance fit had more than 14 points, so 20 are sure.
SURE_PART_RADIUS_BITS = 70
SURE_AGREEING = 20
PARTS_MIN = 2
# Of the clear parts that the query shows. A chance fit may have two near parts that overlap, and two screenshots of one
# interface share its bars, points and all; a copy with a sticker over half of it still has three in ten.
NEAR_SHARE_MIN = 0.2
AGREEING_MIN = 5
FITS_MAX = 12


@dataclass(frozen=True, slots=True)
class DeepMatch:
    """An original that a query shows. `distance_bits`: of its nearest part; `parts`: how many are near."""

    first_id: int
    sha256: str
    distance_bits: int
    parts: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fit that is yet to be proved by parts, and how many points agree with it."""

    record: Record
    fit: Fit
    agreeing: int


class DeepBank:
    """The folder `deep` inside a labelled bank. Changes only under that bank's lock; searches from any thread."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._folder = folder
        self._bank = bank
        self._lock = threading.Lock()
        self._records: dict[int, Record] = {}
        self._stamp = (-1, -1, -1)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "DeepBank":
        """Open the deep part at `path`, made if absent. Raises BankError."""
        return cls(Path(path), Bank.open(path, layout="small"))

    @staticmethod
    def exists(path: Path) -> bool:
        return (path / MANIFEST).exists()

    def __len__(self) -> int:
        """The number of features."""
        return len(self._bank)

    def kept(self) -> set[tuple[int, str]]:
        """First id and digest of every original that can be found."""
        present = self._present()
        return {(each.first_id, each.sha256) for each in self._current().values() if each.number in present}

    def add(self, originals: Iterable[tuple[int, str, Original]]) -> None:
        """Keep originals, each with the first id of its labels' entry and its digest. On the disk when it returns."""
        number = max(self._current(), default=0)
        records, rows, ids = [], [], []
        for first_id, sha256, original in originals:
            found = original.features
            if not len(found):
                continue
            number += 1
            records.append(Record(number, first_id, sha256, found.width, found.height, original.parts))
            rows.append(found.row_table())
            ids.append(deep_votes.ids_of(number, found))
        if records:  # the records first: features without one would be found and name nothing
            deep_records.append(self._folder, records)
            self._bank.add(np.concatenate(rows), np.concatenate(ids))

    def remove(self, first_ids: Collection[int]) -> None:
        """Erase these originals, features first."""
        records = self._current()
        gone = [number for number, each in records.items() if each.first_id in first_ids]
        if gone:
            ids = self._bank.ids()
            self._bank.remove(ids[np.isin(deep_votes.numbers_of(ids), gone)])
            deep_records.replace(self._folder, (each for each in records.values() if each.number not in gone))

    def verify(self) -> Verified:
        """Read every byte again. Raises BankError at the first fault."""
        deep_records.read(self._folder)
        return self._bank.verify()

    def match(self, query: Query, align: Align) -> list[DeepMatch]:
        """Every original that the query shows, nearest first. `align` asks the child for parts. Raises BankError."""
        candidates = self.candidates(query)
        if not candidates:
            return []
        return judged(candidates, align([each.fit for each in candidates]))

    def candidates(self, query: Query) -> list[Candidate]:
        """Fits that enough points agree on, those of the most likely originals first."""
        with self._lock:
            records = self._current()
            hits = self._bank.search(deep_votes.rows_of(query), FEATURE_RADIUS_BITS)
        made: list[Candidate] = []
        for place in deep_votes.places(query, hits) if len(hits) else []:
            record = records.get(place.number)
            if record is None:
                continue  # added or removed meanwhile
            for motion in motions(place.pairs, AGREEING_MIN):
                matrix = tuple(motion.matrix.ravel().tolist())
                fit = Fit(matrix, place.mirrored, record.width, record.height)
                made.append(Candidate(record, fit, motion.agreeing))
        return made[:FITS_MAX]

    def _present(self) -> set[int]:
        return set(np.unique(deep_votes.numbers_of(self._bank.ids())).tolist())

    def _current(self) -> dict[int, Record]:
        """Read again only when the file was changed."""
        stamp = checked_lines.stamp(self._folder / ORIGINALS)
        if stamp != self._stamp:
            self._records = {each.number: each for each in deep_records.read(self._folder)}
            self._stamp = stamp
        return self._records


def judged(candidates: Sequence[Candidate], answers: Sequence[PartPrints]) -> list[DeepMatch]:
    """The candidates that their parts prove, one an original. Raises BankError where parts do not fit together."""
    best: dict[int, DeepMatch] = {}
    for candidate, answer in zip(candidates, answers, strict=True):
        record = candidate.record
        apart = distances(record.parts, answer)
        sure = candidate.agreeing >= SURE_AGREEING
        near = int((apart <= (SURE_PART_RADIUS_BITS if sure else PART_RADIUS_BITS)).sum())
        if near < max(PARTS_MIN, NEAR_SHARE_MIN * len(apart)):
            continue
        match = DeepMatch(record.first_id, record.sha256, int(apart.min()), near)
        if record.number not in best or match.distance_bits < best[record.number].distance_bits:
            best[record.number] = match
    return sorted(best.values(), key=lambda each: (each.distance_bits, each.first_id))


def distances(kept: PartPrints, asked: PartPrints) -> NDArray[np.int64]:
    """Bits between the same parts of both, where the query shows them; flat ones are all alike and prove nothing."""
    if len(kept) != len(asked):
        raise BankError("the bank's originals were cut into other parts by another version: add them again")
    apart = np.bitwise_count(kept.row_table() ^ asked.row_table()).sum(axis=1, dtype=np.int64)
    clear = (kept.quality_table() >= QUALITY_MIN) & asked.shown() & (asked.quality_table() >= QUALITY_MIN)
    return np.asarray(apart[clear], np.int64)
