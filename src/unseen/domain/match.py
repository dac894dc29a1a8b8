"""A match: how near a query fingerprint lies to a bank entry, and which edit explains it."""

from collections.abc import Iterable
from dataclasses import dataclass

from unseen.domain.fingerprint import ORIGINAL
from unseen.domain.limits import RADIUS_BITS


@dataclass(frozen=True, slots=True)
class Match:
    """One material found, by its nearest entry. `how` is the entry's variant, such as `mirror` or `crop:left-10`."""

    material: str
    distance_bits: int
    how: str = ORIGINAL


def edit_words(how: str) -> str:
    """The edit that explains a match, in words for people: `mirror+crop:centre-5` is "mirrored and cropped ..."."""
    if how in ("", ORIGINAL):
        return "unedited"
    words = []
    for edit in how.split("+"):
        kind, _, where = edit.partition(":")
        if kind == "mirror":
            words.append("mirrored")
        elif kind == "crop":
            side, _, percent = where.rpartition("-")
            words.append(f"cropped ({side}, {percent} %)")
        elif kind == "trim":
            words.append("without its border")
        else:
            words.append(kind)
    return " and ".join(words)


def nearest(matches: Iterable[Match]) -> tuple[Match, ...]:
    """The nearest match of each material, nearest first. Matches outside the radius are refused, not dropped."""
    best: dict[str, Match] = {}
    for match in matches:
        if match.distance_bits > RADIUS_BITS:
            raise ValueError(
                f"a match at {match.distance_bits} bits lies outside the radius of {RADIUS_BITS}"
            )
        known = best.get(match.material)
        if known is None or match.distance_bits < known.distance_bits:
            best[match.material] = match
    return tuple(sorted(best.values(), key=lambda match: (match.distance_bits, match.material)))
