"""What the child adds at the level deep, and the one picture that it remembers between two questions about it.

Runs only in the locked-down child.
"""

from typing import Any

from unseen.fingerprint import features
from unseen.fingerprint.aligned import aligned_prints, part_prints
from unseen.fingerprint.deep_model import Original, Query, fit_from_wire
from unseen.fingerprint.model import Forms
from unseen.fingerprint.pdq import Floats
from unseen.fingerprint.picture import Picture

SIDE_PIXELS_MIN = 32  # a patch has 31


class _Remembered:
    """The reduced luma of the last query: fits come back a moment later, and decoding again would cost far more."""

    luma: Floats | None = None


def prepare() -> None:
    """Called once, before the lock-down."""
    features.prepare()


def deep_facts(picture: Picture, forms: Forms) -> Original | Query | None:
    """Local features and parts for a bank, or local features of a query; none at the other levels."""
    _Remembered.luma = None
    if min(picture.width, picture.height) < SIDE_PIXELS_MIN:
        return None
    if forms is Forms.DEEP_BANK:
        luma = picture.small_luma()
        return Original(features.bank_features(luma), part_prints(luma))
    if forms is Forms.DEEP_QUERY:
        _Remembered.luma = picture.small_luma()
        return Query(*features.query_features(_Remembered.luma))
    return None


def aligned(fits: list[Any]) -> list[dict[str, Any]]:
    """The parts of the remembered query under each fit."""
    assert _Remembered.luma is not None
    return [each.facts() for each in aligned_prints(_Remembered.luma, [fit_from_wire(fit) for fit in fits])]
