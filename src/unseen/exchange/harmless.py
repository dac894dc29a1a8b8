"""Which fingerprints say too little, or say something common and harmless: nothing is acted on for their sake."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from unseen.domain.limits import PDQ_BITS, RADIUS_BITS

TABLE = files("unseen.exchange").joinpath("harmless.txt")
_BYTES = PDQ_BITS // 8
_SIDE = 16  # a fingerprint is a square of 16 rows (facebook/ThreatExchange, hashing.pdf)
# Of 3,224 real photographs every fingerprint has 128 bits set, 14 or more distinct rows and columns, and no run of equal
# bits longer than 19 (`python -m benchmarks.exchange.poisoning` measures it).
BITS_SET_MIN, BITS_SET_MAX = 96, 160
ROWS_DISTINCT_MIN = 12
RUN_BITS_MAX = 40


def is_degenerate(pdqs: Sequence[bytes]) -> list[bool]:
    """Whether each is of a picture without content: nearly all bits alike, or the same few rows over and over."""
    if not pdqs:
        return []
    values = _array(pdqs)
    found = np.bitwise_count(values).sum(axis=1, dtype=np.uint16)
    wrong = (found < BITS_SET_MIN) | (found > BITS_SET_MAX)
    for rows in (_rows(values), _columns(values)):
        in_order = np.sort(rows, axis=1)
        distinct = 1 + (in_order[:, 1:] != in_order[:, :-1]).sum(axis=1)
        wrong |= distinct < ROWS_DISTINCT_MIN
    wrong |= _has_long_run(np.unpackbits(values, axis=1))
    return [bool(one) for one in wrong]


def is_harmless(pdqs: Sequence[bytes]) -> list[bool]:
    """Whether each lies within the radius of one of the shipped harmless pictures (harmless.txt)."""
    if not pdqs:
        return []
    values, known = _array(pdqs).view(np.uint64), _shipped()
    return [bool((np.bitwise_count(known ^ one).sum(axis=1) <= RADIUS_BITS).any()) for one in values]


@lru_cache(maxsize=1)
def _shipped() -> npt.NDArray[np.uint64]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    pdqs = [bytes.fromhex(line.split("\t")[0]) for line in lines if line[0] != "#"]
    return _array(pdqs).view(np.uint64)


def _array(pdqs: Sequence[bytes]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"".join(pdqs), np.uint8).reshape(-1, _BYTES)


def _has_long_run(bits: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """bool[N]: more than RUN_BITS_MAX equal bits in a row: so many places in a row without a change."""
    changes = np.cumsum(np.pad(bits[:, 1:] != bits[:, :-1], ((0, 0), (1, 0))), axis=1, dtype=np.int16)
    ends = changes[:, RUN_BITS_MAX:]
    found: npt.NDArray[np.bool_] = (ends == changes[:, : ends.shape[1]]).any(axis=1)
    return found


def _rows(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint16]:
    return values.view(">u2")


def _columns(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint16]:
    bits = np.unpackbits(values, axis=1).reshape(-1, _SIDE, _SIDE).transpose(0, 2, 1)
    return np.packbits(bits, axis=2).reshape(-1, _BYTES).view(">u2")
