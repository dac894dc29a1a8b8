"""What the child adds at the level deep, and the one picture that it remembers between two questions about it.

Runs only in the locked-down child.
"""

from typing import Any

from unseen.fingerprint import features
from unseen.fingerprint.aligned import aligned_prints, part_prints
from unseen.fingerprint.deep_model import Original, Query, fit_from_wire
from unseen.fingerprint.model import Forms
from unseen.fingerprint.pdq import Floats

SIDE_PIXELS_MIN = 32  # a patch has 31


class _Remembered:
    """The reduced luma of the last query: fits come back a moment later, and decoding again would cost far more."""

    luma: Floats | None = None


def prepare() -> None:
    """Called once, before the lock-down."""
    features.prepare()


def deep_facts(luma: Floats, side_pixels: int, forms: Forms) -> Original | Query | None:
    """Local features and parts for a bank, or local features of a query; none at the other levels.

    `luma`: the reduced copy of a picture whose shorter side had `side_pixels`.
    """
    _Remembered.luma = None
    if side_pixels < SIDE_PIXELS_MIN:
        return None
    if forms is Forms.DEEP_BANK:
        return Original(features.bank_features(luma), part_prints(luma))
    if forms is Forms.DEEP_QUERY:
        _Remembered.luma = luma
        return Query(*features.query_features(luma))
    return None


def aligned(fits: list[Any]) -> list[dict[str, Any]]:
    """The parts of the remembered query under each fit."""
    assert _Remembered.luma is not None
    return [each.facts() for each in aligned_prints(_Remembered.luma, [fit_from_wire(fit) for fit in fits])]
