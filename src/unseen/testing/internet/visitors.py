"""Who asks: the fixed table of source addresses and their countries."""

from dataclasses import dataclass
from typing import Final

# The demo's world: the engine's four vantages, and three strangers from whose addresses only judges ask.
VANTAGES: Final = {
    "127.9.0.1": "KR",  # office: the complainant's known address
    "127.9.0.2": "KR",  # home-line
    "127.9.0.3": "DE",  # berlin
    "127.9.0.4": "US",  # dallas
}
STRANGERS: Final = {"127.9.9.1": "KR", "127.9.9.2": "DE", "127.9.9.3": "US"}
COMPLAINANT: Final = "127.9.0.1"
NOWHERE: Final = "ZZ"  # ISO 3166 keeps ZZ free for "unknown"
MEMBER_COOKIE: Final = "member=yes"


@dataclass(frozen=True)
class Visitor:
    """One who asks: source address ("" for a stranger met only by judges), ISO country, logged in or not."""

    address: str
    country: str
    member: bool = False


def visitor_at(address: str, cookie: str = "") -> Visitor:
    country = VANTAGES.get(address) or STRANGERS.get(address) or NOWHERE
    return Visitor(address, country, MEMBER_COOKIE in cookie)


def everybody() -> list[Visitor]:
    """Every kind of visitor there is: strangers of each country, members, and the engine's own addresses."""
    countries = sorted({*STRANGERS.values(), "GB", NOWHERE})
    strangers = [Visitor("", country, member) for country in countries for member in (False, True)]
    return strangers + [visitor_at(address) for address in VANTAGES]
