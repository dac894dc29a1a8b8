"""Our level deep for the tables: the code of the product, with the child's part in this process to save its start."""

import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from PIL import Image

from unseen.fingerprint import features
from unseen.fingerprint.aligned import aligned_prints, part_prints
from unseen.fingerprint.deep import SIDE_PIXELS_MIN
from unseen.fingerprint.deep_model import Original, PartPrints, Query
from unseen.fingerprint.features import bank_features, query_features
from unseen.fingerprint.picture import Picture
from unseen.matching.deep import Candidate, DeepBank, DeepMatch, judged


@dataclass(frozen=True)
class Looked:
    """One query: what was tried, what the parts said, and processor seconds of each step."""

    candidates: Sequence[Candidate]
    answers: Sequence[PartPrints]
    seconds: dict[str, float]

    @property
    def matches(self) -> list[DeepMatch]:
        return judged(self.candidates, self.answers)


class Below(Protocol):
    """The level below, of the same pictures."""

    def build(self, pictures: Iterable[Image.Image]) -> None: ...

    def found(self, picture: Image.Image) -> set[int]: ...


class DeepEngine:
    """`build` once with the bank's pictures; then `found` gives the numbers of those that a picture shows.

    `below`: the level whose matches count too, as on the command line; None for the deep part alone.
    """

    def __init__(self, name: str, below: Below | None = None) -> None:
        features.prepare()
        self.name = name
        self._below = below
        self._folder = tempfile.TemporaryDirectory(prefix="unseen-benchmark-")
        self.bank = DeepBank.open(self._folder.name)

    def build(self, pictures: Iterable[Image.Image]) -> None:
        originals: list[tuple[int, str, Original]] = []

        def seen_once() -> Iterator[Image.Image]:  # a thousand decoded pictures would not fit the memory
            for number, picture in enumerate(pictures):
                originals.append((number, f"{number:064x}", _original(picture)))
                yield picture

        if self._below is None:
            deque(seen_once(), maxlen=0)
        else:
            self._below.build(seen_once())
        self.bank.add(originals)

    def found(self, picture: Image.Image) -> set[int]:
        lower = self._below.found(picture) if self._below is not None else set()
        return lower | {match.first_id for match in self.looked(picture).matches}

    @property
    def rows(self) -> int:
        return len(self.bank)

    def size_bytes(self) -> int:
        """Of all files, indexes included."""
        return sum(path.stat().st_size for path in Path(self._folder.name).iterdir())

    def looked(self, picture: Image.Image) -> Looked:
        marks = [time.process_time()]
        luma = Picture(picture).small_luma()
        marks.append(time.process_time())
        if min(luma.shape) < SIDE_PIXELS_MIN:
            return Looked([], [], {})
        query = Query(*query_features(luma))
        marks.append(time.process_time())
        candidates = self.bank.candidates(query)
        marks.append(time.process_time())
        answers = aligned_prints(luma, [each.fit for each in candidates])
        marks.append(time.process_time())
        steps = ("reduce", "features", "search and fit", "aligned parts")
        spent = (after - before for before, after in pairwise(marks))
        return Looked(candidates, answers, dict(zip(steps, spent, strict=True)))


def _original(picture: Image.Image) -> Original:
    luma = Picture(picture).small_luma()
    return Original(bank_features(luma), part_prints(luma))
