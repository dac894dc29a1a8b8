"""What a recheck may conclude from what each vantage saw. The whole table stands in docs/findings.md.

A status code is never believed: the content is gone when no vantage gets it any more, at least two vantages in
at least two countries say so, and none of them was turned away. Unknown never counts as gone (promise 5).
"""

from collections.abc import Collection, Sequence
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
    ELSEWHERE = "elsewhere"  # redirected to another page, by a status or inside the page
    LOGIN_WALL = "login_wall"
    BLOCKED = "blocked"  # 451, or a block page of the country
    NO_NAME = "no_name"  # the resolver knows no such name, or leads it to an address where no site can be
    TURNED_AWAY = "turned_away"  # 403, 429: no answer to the question
    FAILED = "failed"  # no connection, 5xx, time-out
    LISTED = "listed"  # a search source names the location
    NOT_LISTED = "not_listed"  # a search source answered, and does not name it


class MediaSeen(StrEnum):
    """What the media of the location (known before, or on the page now) turned out to be."""

    MATCHING = "matching"
    COPY = "copy"  # matching, at another host or address than the one where it was known
    OTHER = "other"
    MISSING = "missing"
    BLOCKED = "blocked"
    LOGIN_WALL = "login_wall"
    UNKNOWN = "unknown"  # failed, turned away, or not to be fetched under the legal profile


class FindingKind(StrEnum):
    """The findings of the glossary."""

    GONE = "gone"
    SOFT_404 = "soft_404"  # a kind of gone: the page says so in words, and the media are gone
    SENT_HOME = "sent_home"  # a kind of gone: sent on to the home page, and the media are gone
    STILL_UP = "still_up"
    MEDIA_ALIVE = "media_alive"  # no page any more, and the media at their known place
    COPY_ALIVE = (
        "copy_alive"  # no page any more, and the media at another host, address or in a search preview
    )
    GEOFENCED = "geofenced"
    CLOAKED = "cloaked"
    RESOLVER_BLOCKED = "resolver_blocked"  # kept back by a resolver; another one leads to the site
    MOVED = "moved"
    LOGIN_WALLED = "login_walled"
    BACK = "back"
    LISTED = "listed"
    NOT_LISTED = "not_listed"
    UNKNOWN = "unknown"


# The kinds of gone: only these are proof of a removal.
GONE_KINDS = frozenset((FindingKind.GONE, FindingKind.SOFT_404, FindingKind.SENT_HOME))
# Somebody got the content itself, the plainest sight first.
SEEN_KINDS = (
    FindingKind.STILL_UP,
    FindingKind.MOVED,
    FindingKind.MEDIA_ALIVE,
    FindingKind.COPY_ALIVE,
    FindingKind.BACK,
)


@dataclass(frozen=True, slots=True)
class Look:
    """One vantage's look at one item."""

    vantage: str
    country: str
    own_address: bool  # the address that the platform knows as ours
    page: PageSeen
    media: MediaSeen
    look_not_before: datetime | None = None  # the host asked us to wait (Retry-After)
    held_back: bool = False  # it looks only where the others found it gone, so the host has hardly met it


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


_BY_PAGE_GONE = {
    PageSeen.MISSING: FindingKind.GONE,
    PageSeen.PRESENT: FindingKind.GONE,
    PageSeen.ELSEWHERE: FindingKind.GONE,
    PageSeen.SAYS_REMOVED: FindingKind.SOFT_404,
    PageSeen.HOME: FindingKind.SENT_HOME,
}
_SEARCH = (PageSeen.LISTED, PageSeen.NOT_LISTED)
_NO_ANSWER = (PageSeen.NO_NAME, PageSeen.FAILED, *_SEARCH)
_NOT_SHOWN = (MediaSeen.MISSING, MediaSeen.OTHER)
_KEPT_BACK = GONE_KINDS | {FindingKind.GEOFENCED, FindingKind.RESOLVER_BLOCKED}

Kinds = dict[str, FindingKind]


def seen_by_one(look: Look) -> FindingKind:
    """What a single look shows, before it is compared with the others."""
    if look.media in (MediaSeen.MATCHING, MediaSeen.COPY):
        return _shown(look)
    if look.page in _SEARCH:
        if look.media not in _NOT_SHOWN:
            return FindingKind.UNKNOWN
        return FindingKind.LISTED if look.page is PageSeen.LISTED else FindingKind.NOT_LISTED
    if PageSeen.LOGIN_WALL is look.page or look.media is MediaSeen.LOGIN_WALL:
        return FindingKind.LOGIN_WALLED
    if look.page is PageSeen.NO_NAME:
        return FindingKind.RESOLVER_BLOCKED
    if look.page in (PageSeen.TURNED_AWAY, PageSeen.FAILED):
        return FindingKind.UNKNOWN
    if PageSeen.BLOCKED is look.page or look.media is MediaSeen.BLOCKED:
        return FindingKind.GEOFENCED
    if look.media in _NOT_SHOWN:
        return _BY_PAGE_GONE.get(look.page, FindingKind.UNKNOWN)
    return FindingKind.UNKNOWN


def _shown(look: Look) -> FindingKind:
    """A page that shows the content is up, wherever its media come from; without the page only the media live."""
    if look.page is PageSeen.ELSEWHERE:
        return FindingKind.MOVED
    if look.page is PageSeen.PRESENT:
        return FindingKind.STILL_UP
    if look.media is MediaSeen.COPY or look.page in _SEARCH:
        return FindingKind.COPY_ALIVE
    no_answer = look.page in (PageSeen.TURNED_AWAY, PageSeen.FAILED)
    return FindingKind.STILL_UP if no_answer else FindingKind.MEDIA_ALIVE


def conclude(looks: Sequence[Look], *, was_removed: bool = False) -> Conclusion:
    """Compare the vantages. `was_removed`: the item had closed as removed, so seeing it means it is back."""
    kinds = _compared(looks)
    sees = [look for look in looks if kinds[look.vantage] in SEEN_KINDS]
    kind = _concluded(looks, kinds, sees)
    if was_removed and sees:  # back for some is back: also behind a fence, also under a cloak
        kind = FindingKind.BACK
    findings = tuple(Finding(look.vantage, look.country, _named(kinds[look.vantage], kind)) for look in looks)
    carried = GONE_KINDS if kind is FindingKind.GONE else SEEN_KINDS
    proof = tuple(look.vantage for look in looks if kinds[look.vantage] in carried)
    waits = [look.look_not_before for look in looks if look.look_not_before is not None]
    return Conclusion(kind, findings, proof, matched=bool(sees), look_not_before=max(waits, default=None))


def _compared(looks: Sequence[Look]) -> Kinds:
    """A name that nobody finds is no block of one resolver: perhaps all of us stand behind the same one."""
    reached = any(look.page not in _NO_ANSWER for look in looks)
    kinds = {look.vantage: seen_by_one(look) for look in looks}
    if reached:
        return kinds
    nobody = {FindingKind.RESOLVER_BLOCKED: FindingKind.UNKNOWN}
    return {name: nobody.get(kind, kind) for name, kind in kinds.items()}


def _concluded(looks: Sequence[Look], kinds: Kinds, sees: Sequence[Look]) -> FindingKind:
    if sees:
        hidden = [look for look in looks if kinds[look.vantage] in _KEPT_BACK]
        plainest = min((kinds[look.vantage] for look in sees), key=SEEN_KINDS.index)
        at_the_place = [look for look in sees if look.page not in _SEARCH]
        return _hidden_from_some(at_the_place, hidden, plainest) if hidden and at_the_place else plainest
    if FindingKind.LOGIN_WALLED in kinds.values():
        return FindingKind.LOGIN_WALLED
    gone = [look for look in looks if kinds[look.vantage] in GONE_KINDS]
    countries = {look.country for look in gone}
    proven = len(gone) >= PROOF_VANTAGES_MIN and len(countries) >= PROOF_COUNTRIES_MIN
    if proven and all(_consistent_with_gone(kinds[look.vantage], look.country, countries) for look in looks):
        return FindingKind.GONE
    asked = [look for look in looks if look.page not in _SEARCH]
    if asked and all(kinds[look.vantage] is FindingKind.GEOFENCED for look in asked):
        return FindingKind.GEOFENCED
    return FindingKind.UNKNOWN


def _consistent_with_gone(kind: FindingKind, country: str, proven_in: Collection[str]) -> bool:
    """Whoever sits behind a block by law cannot see it either; behind a resolver's block, others of that country can.

    A search source that only names the place shows no content; what it shows as a preview was looked at.
    """
    if kind is FindingKind.RESOLVER_BLOCKED:
        return country in proven_in
    return kind in GONE_KINDS | {FindingKind.GEOFENCED, FindingKind.LISTED, FindingKind.NOT_LISTED}


def _hidden_from_some(sees: Sequence[Look], hidden: Sequence[Look], plainest: FindingKind) -> FindingKind:
    """By whom is it kept from whom? By a resolver, from us, or from whole countries."""
    if all(look.page is PageSeen.NO_NAME for look in hidden):
        return FindingKind.RESOLVER_BLOCKED
    if all(look.own_address for look in hidden) or all(look.held_back for look in sees):
        return FindingKind.CLOAKED
    if {look.country for look in hidden}.isdisjoint(look.country for look in sees):
        return FindingKind.GEOFENCED
    if all(look.page in (PageSeen.NO_NAME, PageSeen.BLOCKED) for look in hidden):
        return FindingKind.RESOLVER_BLOCKED  # a block page for one, the site for another of the same country
    return plainest


def _named(own: FindingKind, together: FindingKind) -> FindingKind:
    """A vantage that is shown nothing while another sees it did not find it gone: it was kept from it."""
    if own in GONE_KINDS and together is not FindingKind.GONE:
        if together is FindingKind.GEOFENCED:
            return together
        return FindingKind.CLOAKED if together in _SOMEBODY_SEES else FindingKind.UNKNOWN
    if own in SEEN_KINDS and together is FindingKind.BACK:
        return FindingKind.BACK
    return own


_SOMEBODY_SEES = frozenset((*SEEN_KINDS, FindingKind.CLOAKED, FindingKind.RESOLVER_BLOCKED))
