"""Our level deep for the tables: the code of the product, with the child's part in this process to save its start."""

from collections.abc import Iterable
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image

from unseen.fingerprint import features
from unseen.fingerprint.aligned import aligned_prints, part_prints
from unseen.fingerprint.deep import SIDE_PIXELS_MIN
from unseen.fingerprint.deep_model import Original, Query
from unseen.fingerprint.features import bank_features, query_features
from unseen.fingerprint.pdq import Floats
from unseen.fingerprint.picture import Picture
from unseen.matching.deep import DeepBank, DeepMatch


class DeepEngine:
    """`keep` the originals once, then ask which of them a file shows (`found`). Numbers are the caller's."""

    name = "unseen deep"

    def __init__(self, folder: Path) -> None:
        features.prepare()
        self._bank = DeepBank.open(folder)

    def keep(self, originals: Iterable[tuple[int, bytes]]) -> None:
        """Originals as (number, file)."""
        self._bank.add((number, f"{number:064x}", self._original(data)) for number, data in originals)

    def found(self, data: bytes) -> list[DeepMatch]:
        """Every original that the file shows, nearest first; `first_id` is its number."""
        luma = self._luma(data)
        if min(luma.shape) < SIDE_PIXELS_MIN:
            return []
        return self._bank.match(Query(*query_features(luma)), partial(aligned_prints, luma))

    def _original(self, data: bytes) -> Original:
        luma = self._luma(data)
        return Original(bank_features(luma), part_prints(luma))

    def _luma(self, data: bytes) -> Floats:
        image = Image.open(BytesIO(data))
        image.load()
        return Picture(image).small_luma()
