"""Who asks: the fixed table of source addresses and their countries."""

from dataclasses import dataclass
from typing import Final

# The engine's vantages (the demo's four, and two more of the wide internet), and three strangers from whose addresses only judges ask.
VANTAGES: Final = {
    "127.9.0.1": "KR",  # office: the complainant's known address
    "127.9.0.2": "KR",  # home-line
    "127.9.0.3": "DE",  # berlin
    "127.9.0.4": "US",  # dallas
    "127.9.0.5": "KR",  # a line whose names a Korean resolver tells
    "127.9.0.7": "DE",  # held back
}
STRANGERS: Final = {"127.9.9.1": "KR", "127.9.9.2": "DE", "127.9.9.3": "US"}
COMPLAINANT: Final = "127.9.0.1"
NOWHERE: Final = "ZZ"  # ISO 3166 keeps ZZ free for "unknown"
MEMBER_COOKIE: Final = "member=yes"
MOBILE_AGENT: Final = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36"


@dataclass(frozen=True)
class Visitor:
    """One who asks: source address ("" for a stranger met only by judges), ISO country, logged in or not, browser.

    `host` is the name in the request, `edge` the number of the site's own address that was asked.
    """

    address: str
    country: str
    member: bool = False
    agent: str = ""
    host: str = ""
    edge: int = 0


def visitor_at(address: str, cookie: str = "", agent: str = "", host: str = "", edge: int = 0) -> Visitor:
    country = VANTAGES.get(address) or STRANGERS.get(address) or NOWHERE
    return Visitor(address, country, MEMBER_COOKIE in cookie, agent, host, edge)


def everybody() -> list[Visitor]:
    """Every kind of visitor there is: strangers of each country, members, and the engine's own addresses."""
    countries = sorted({*STRANGERS.values(), "GB", NOWHERE})
    strangers = [
        Visitor("", country, member, agent)
        for country in countries
        for member in (False, True)
        for agent in ("", MOBILE_AGENT)
    ]
    return strangers + [visitor_at(address) for address in VANTAGES]
