"""What the four vantages get to see of content that is up or gone, in each guise."""

from datetime import datetime, timedelta
from functools import cache
from random import Random

from tests.simulation.characters import Character, Guise, Network
from unseen.domain.recheck import Look, MediaSeen, PageSeen

# name, country, is it the address that platforms know as the complainant's
VANTAGES = (
    ("office", "KR", True),
    ("home-line", "KR", False),
    ("berlin", "DE", False),
    ("dallas", "US", False),
)
COMPLAINANT_COUNTRY = "KR"

View = tuple[PageSeen, MediaSeen]
Looks = tuple[Look, ...]

_SHOWN: dict[Guise, View] = {
    Guise.SOFT_404: (PageSeen.SAYS_REMOVED, MediaSeen.MATCHING),
    Guise.MEDIA_ALIVE: (PageSeen.MISSING, MediaSeen.MATCHING),
    Guise.ELSEWHERE: (PageSeen.ELSEWHERE, MediaSeen.MATCHING),
}


@cache
def looks_at(guise: Guise, up: bool, empty_view: View) -> Looks:
    """What all vantages see on a clear day."""
    return tuple(
        Look(name, country, own, *_view(guise, up, empty_view, country, own))
        for name, country, own in VANTAGES
    )


def _view(guise: Guise, up: bool, empty_view: View, country: str, own: bool) -> View:
    if guise is Guise.LOGIN_WALL:
        return PageSeen.LOGIN_WALL, MediaSeen.LOGIN_WALL
    if guise is Guise.BLOCKED and country == COMPLAINANT_COUNTRY:
        return PageSeen.BLOCKED, MediaSeen.BLOCKED
    if not up:
        return empty_view
    if (guise is Guise.CLOAKED and own) or (guise is Guise.GEOFENCED and country == COMPLAINANT_COUNTRY):
        return PageSeen.MISSING, MediaSeen.MISSING
    return _SHOWN.get(guise, (PageSeen.PRESENT, MediaSeen.MATCHING))


_FAILED = tuple(Look(*vantage, PageSeen.FAILED, MediaSeen.UNKNOWN) for vantage in VANTAGES)
_TURNED_AWAY = tuple(Look(*vantage, PageSeen.TURNED_AWAY, MediaSeen.UNKNOWN) for vantage in VANTAGES)


def disturbed(looks: Looks, character: Character, rng: Random, now: datetime, number: int) -> Looks:
    """The same looks through the network of this platform."""
    match character.network:
        case Network.CLEAR:
            return looks
        case Network.BLIND:
            return _TURNED_AWAY
        case Network.ALTERNATES:
            return (*looks[:3], _FAILED[3]) if number % 2 else looks
        case Network.FLAKY:
            trouble = character.trouble
            return tuple(
                failed if rng.random() < trouble else look
                for look, failed in zip(looks, _FAILED, strict=True)
            )
        case Network.LIMITED:
            if rng.random() < character.trouble:
                return (*looks[:3], _limited(now + timedelta(hours=character.retry_after_hours)))
            return looks


def _limited(at: datetime) -> Look:
    return Look(*VANTAGES[3], PageSeen.TURNED_AWAY, MediaSeen.UNKNOWN, at)
