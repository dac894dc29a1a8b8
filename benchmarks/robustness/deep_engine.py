"""Our level deep for the tables: the code of the product, with the child's part in this process to save its start."""

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from unseen.fingerprint import features
from unseen.fingerprint.aligned import aligned_prints, part_prints
from unseen.fingerprint.deep import SIDE_PIXELS_MIN
from unseen.fingerprint.deep_model import Original, PartPrints, Query
from unseen.fingerprint.features import bank_features, query_features
from unseen.fingerprint.pdq import Floats
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


class DeepEngine:
    """`keep` the originals once, then ask which of them a file shows (`found`). Numbers are the caller's."""

    name = "unseen deep"

    def __init__(self, folder: Path) -> None:
        features.prepare()
        self.bank = DeepBank.open(folder)

    def keep(self, originals: Iterable[tuple[int, bytes]]) -> None:
        """Originals as (number, file)."""
        self.bank.add((number, f"{number:064x}", _original(data)) for number, data in originals)

    def found(self, data: bytes) -> set[int]:
        """The number of every original that the file shows."""
        return {match.first_id for match in self.looked(data).matches}

    def looked(self, data: bytes) -> Looked:
        marks = [time.process_time()]
        luma = _luma(data)
        marks.append(time.process_time())
        if min(luma.shape) < SIDE_PIXELS_MIN:
            return Looked([], [], {})
        query = Query(*query_features(luma))
        marks.append(time.process_time())
        candidates = self.bank.candidates(query)
        marks.append(time.process_time())
        answers = aligned_prints(luma, [each.fit for each in candidates])
        marks.append(time.process_time())
        steps = ("decode", "features", "search and fit", "aligned parts")
        spent = (after - before for before, after in itertools.pairwise(marks))
        return Looked(candidates, answers, dict(zip(steps, spent, strict=True)))


def _original(data: bytes) -> Original:
    luma = _luma(data)
    return Original(bank_features(luma), part_prints(luma))


def _luma(data: bytes) -> Floats:
    image = Image.open(BytesIO(data))
    image.load()
    return Picture(image).small_luma()
