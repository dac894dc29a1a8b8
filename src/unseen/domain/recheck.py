"""What a recheck may conclude from what each vantage saw.

A status code is never believed: the content is gone when no vantage gets it any more, at least two vantages in
at least two countries say so, and none of them was turned away. Unknown never counts as gone (promise 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from unseen.domain.limits import PROOF_COUNTRIES_MIN, PROOF_VANTAGES_MIN


class PageSeen(StrEnum):
    """What the page of the location answered to one vantage."""

    PRESENT = "present"
    SAYS_REMOVED = "says_removed"  # status 200 and words such as "removed"
    MISSING = "missing"  # 404 or 410
    HOME = "home"  # redirected to the site's home page
    ELSEWHERE = "elsewhere"  # redirected to another page
    LOGIN_WALL = "login_wall"
    BLOCKED = "blocked"  # 451, or a block page of the country
    TURNED_AWAY = "turned_away"  # 403, 429: no answer to the question
    FAILED = "failed"  # no connection, 5xx, time-out


class MediaSeen(StrEnum):
    """What the media of the location (known before, or on the page now) turned out to be."""

    MATCHING = "matching"
    OTHER = "other"
    MISSING = "missing"
    BLOCKED = "blocked"
    LOGIN_WALL = "login_wall"
    UNKNOWN = "unknown"  # failed, turned away, or not to be fetched under the legal profile


class FindingKind(StrEnum):
    """The findings of the glossary."""

    GONE = "gone"
    STILL_UP = "still_up"
    GEOFENCED = "geofenced"
    CLOAKED = "cloaked"
    MOVED = "moved"
    LOGIN_WALLED = "login_walled"
    BACK = "back"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Look:
    """One vantage's look at one item."""

    vantage: str
    country: str
    own_address: bool  # the address that the platform knows as ours
    page: PageSeen
    media: MediaSeen
    look_not_before: datetime | None = None  # the host asked us to wait (Retry-After)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one vantage found."""

    vantage: str
    country: str
    kind: FindingKind


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What all vantages together say. `proof` names the vantages that carry the conclusion."""

    kind: FindingKind
    findings: tuple[Finding, ...]
    proof: tuple[str, ...]
    matched: bool
    look_not_before: datetime | None = None


_NOT_THERE = (PageSeen.MISSING, PageSeen.SAYS_REMOVED, PageSeen.HOME, PageSeen.PRESENT, PageSeen.ELSEWHERE)


def seen_by_one(look: Look) -> FindingKind:
    """What a single look shows, before it is compared with the others."""
    if look.media is MediaSeen.MATCHING:
        return FindingKind.MOVED if look.page is PageSeen.ELSEWHERE else FindingKind.STILL_UP
    if PageSeen.BLOCKED is look.page or look.media is MediaSeen.BLOCKED:
        return FindingKind.GEOFENCED
    if PageSeen.LOGIN_WALL is look.page or look.media is MediaSeen.LOGIN_WALL:
        return FindingKind.LOGIN_WALLED
    if look.media in (MediaSeen.MISSING, MediaSeen.OTHER) and look.page in _NOT_THERE:
        return FindingKind.GONE
    return FindingKind.UNKNOWN


def conclude(looks: Sequence[Look], *, was_removed: bool = False) -> Conclusion:
    """Compare the vantages. `was_removed`: the item had closed as removed, so seeing it means it is back."""
    kinds = {look.vantage: seen_by_one(look) for look in looks}
    sees = [look for look in looks if kinds[look.vantage] in (FindingKind.STILL_UP, FindingKind.MOVED)]
    kind = _concluded(looks, kinds, sees)
    if was_removed and sees:  # back for some is back: also behind a fence, also under a cloak
        kind = FindingKind.BACK
    findings = tuple(Finding(look.vantage, look.country, _named(kinds[look.vantage], kind)) for look in looks)
    carried = {FindingKind.GONE: (FindingKind.GONE,), FindingKind.UNKNOWN: ()}.get(kind)
    proof = tuple(
        look.vantage
        for look in looks
        if (look in sees if carried is None else kinds[look.vantage] in carried)
    )
    waits = [look.look_not_before for look in looks if look.look_not_before is not None]
    return Conclusion(kind, findings, proof, matched=bool(sees), look_not_before=max(waits, default=None))


def _concluded(looks: Sequence[Look], kinds: dict[str, FindingKind], sees: Sequence[Look]) -> FindingKind:
    hidden = [look for look in looks if kinds[look.vantage] in (FindingKind.GONE, FindingKind.GEOFENCED)]
    if sees:
        if hidden:
            return _hidden_from_some(sees, hidden)
        return kinds[sees[0].vantage]
    if any(kind is FindingKind.LOGIN_WALLED for kind in kinds.values()):
        return FindingKind.LOGIN_WALLED
    gone = [look for look in looks if kinds[look.vantage] is FindingKind.GONE]
    countries = {look.country for look in gone}
    proven = len(gone) >= PROOF_VANTAGES_MIN and len(countries) >= PROOF_COUNTRIES_MIN
    if proven and len(hidden) == len(looks):  # the rest sits behind a block by law, and cannot see it either
        return FindingKind.GONE
    if looks and all(kinds[look.vantage] is FindingKind.GEOFENCED for look in looks):
        return FindingKind.GEOFENCED
    return FindingKind.UNKNOWN


def _hidden_from_some(sees: Sequence[Look], hidden: Sequence[Look]) -> FindingKind:
    """Hidden from our own address only is a cloak; hidden from whole countries is a geofence."""
    if all(look.own_address for look in hidden):
        return FindingKind.CLOAKED
    if {look.country for look in hidden}.isdisjoint(look.country for look in sees):
        return FindingKind.GEOFENCED
    return FindingKind.STILL_UP


def _named(own: FindingKind, together: FindingKind) -> FindingKind:
    """A vantage that sees nothing while another sees it did not find it gone: it was kept from it."""
    if own is FindingKind.GONE and together is not FindingKind.GONE:
        if together in (FindingKind.CLOAKED, FindingKind.GEOFENCED):
            return together
        return FindingKind.UNKNOWN
    if own in (FindingKind.STILL_UP, FindingKind.MOVED) and together is FindingKind.BACK:
        return FindingKind.BACK
    return own
