"""A match: how near a query fingerprint lies to a bank entry, and which edit explains it."""

from collections.abc import Iterable
from dataclasses import dataclass

from unseen.domain.fingerprint import ORIGINAL
from unseen.domain.limits import RADIUS_BITS


@dataclass(frozen=True, slots=True)
class Match:
    """One material found, by its nearest entry. `how` is the entry's variant, such as `mirror` or `crop:10-0-0-0`."""

    material: str
    distance_bits: int
    how: str = ORIGINAL


def edit_words(how: str) -> str:
    """The edit that explains a match, in words for people: `mirror+crop:5-0-0-5` is "mirrored and cropped (left 5 %, ...)"."""
    if how in ("", ORIGINAL):
        return "unedited"
    return " and ".join(_edit(*edit.partition(":")[::2]) for edit in how.split("+"))


def _edit(kind: str, how: str) -> str:
    if kind == "crop":
        return f"cropped ({_sides(how)})"
    if kind == "border":
        colour, _, sides = how.partition("-")
        return f"with a {colour} border ({'to a square' if sides == 'square' else _sides(sides)})"
    if kind in ("turn", "rotate"):
        return f"turned by {how} degrees"
    words = {
        "mirror": "mirrored",
        "flip": "upside down in a mirror",
        "region": "in part",
        "trim": "without its border",
    }
    return words.get(kind, kind)


def _sides(words: str) -> str:
    """The sides that changed: `5-0-0-5` is "left 5 %, bottom 5 %"."""
    named = zip(("left", "top", "right", "bottom"), words.split("-"), strict=False)
    return ", ".join(f"{side} {percent} %" for side, percent in named if percent != "0")


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
