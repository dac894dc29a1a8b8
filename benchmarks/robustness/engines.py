"""The engines of the robustness benchmark, each with its makers' settings. One more is one more line in `ENGINES`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import faiss
import imagehash
import numpy as np
from perception.hashers import PHash
from PIL import Image

from benchmarks.robustness.deep_engine import DeepEngine
from unseen.domain.limits import QUALITY_MIN, RADIUS_BITS, REGIONS_RADIUS_BITS
from unseen.fingerprint.forms import bank_forms, query_forms
from unseen.fingerprint.picture import Picture, pdq_of

Rows = np.ndarray  # uint8[N, bytes], one fingerprint a row

IMAGEHASH_DISTANCE = 4  # of 64 bits: the package names none, this is what is often used
PERCEPTION_DISTANCE = (
    0.2  # of 1; it names none of its own: this is as many bits as its makers' tests of PHash bear
)


# what two engines keep of the same picture is computed once
_KEPT: dict[tuple[str, int], Rows] = {}


class Engine(Protocol):
    """`build` once with the bank's pictures; then `found` gives the numbers of those that a picture matches."""

    name: str

    def build(self, pictures: Iterable[Image.Image]) -> None: ...

    def found(self, picture: Image.Image) -> set[int]: ...

    @property
    def rows(self) -> int: ...


@dataclass
class ByRows:
    """Rows of bits within a radius, several a picture in bank and query."""

    name: str
    radius_bits: int
    kept: Callable[[Image.Image], Rows]
    asked: Callable[[Image.Image], Rows]

    def build(self, pictures: Iterable[Image.Image]) -> None:
        owners: list[int] = []
        parts: list[Rows] = []
        for number, picture in enumerate(pictures):
            part = _KEPT.get((self.kept.__name__, number))
            if part is None:
                part = _KEPT[self.kept.__name__, number] = self.kept(picture)
            owners += [number] * len(part)
            parts.append(part)
        rows = np.concatenate(parts)
        self._owners = np.array(owners)
        self._index = faiss.IndexBinaryFlat(
            8 * rows.shape[1]
        )  # exact; the product's own search gives the same
        self._index.add(rows)

    def found(self, picture: Image.Image) -> set[int]:
        rows = self.asked(picture)
        if not len(rows):
            return set()
        _, _, near = self._index.range_search(
            rows, self.radius_bits + 1
        )  # faiss leaves the radius itself out
        return set(self._owners[near].tolist())

    @property
    def rows(self) -> int:
        return int(self._index.ntotal)


def plain(picture: Image.Image) -> Rows:
    """One PDQ; none where its quality is too low to be believed."""
    value = pdq_of(Picture(picture))
    return _rows([value.value] if value.quality >= QUALITY_MIN else [])


def with_bank_forms(picture: Image.Image) -> Rows:
    forms = bank_forms(Picture(picture).small_luma())
    return np.concatenate((plain(picture), _rows([bytes.fromhex(form.pdq) for form in forms])))


def with_query_forms(picture: Image.Image) -> Rows:
    forms = query_forms(Picture(picture).small_luma())
    return np.concatenate((plain(picture), _rows([bytes.fromhex(form.pdq) for form in forms])))


def image_phash(picture: Image.Image) -> Rows:
    return np.packbits(imagehash.phash(picture).hash.ravel())[None, :]


def perception_phash(picture: Image.Image) -> Rows:
    bits = PHash().compute(np.asarray(picture), hash_format="vector")
    return np.packbits(np.asarray(bits, bool))[None, :]


def _rows(values: Sequence[bytes]) -> Rows:
    return np.frombuffer(b"".join(values), np.uint8).reshape(-1, 32)


def regions() -> Engine:
    return ByRows("level 2, regions", REGIONS_RADIUS_BITS, with_bank_forms, with_query_forms)


# name in the tables, how it is made
ENGINES: dict[str, Callable[[], Engine]] = {
    "plain PDQ": lambda: ByRows("plain PDQ", RADIUS_BITS, plain, plain),
    "imagehash pHash": lambda: ByRows("imagehash pHash", IMAGEHASH_DISTANCE, image_phash, image_phash),
    "perception PHash": lambda: ByRows("perception PHash", int(64 * PERCEPTION_DISTANCE), perception_phash, perception_phash),
    "level 1, compatible": lambda: ByRows("level 1, compatible", RADIUS_BITS, with_bank_forms, plain),
    "level 2, regions": regions,
    "level 3, deep": lambda: DeepEngine("level 3, deep", regions()),
}  # fmt: skip
