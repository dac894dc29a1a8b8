"""Look up who is behind a location, whom to ask in which order, and under which laws."""

import functools
import ipaddress
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlsplit

import tldextract

from unseen.domain.ladder import Role, RungRule, order_of, rule_of
from unseen.domain.notice import Confidence, Law, Rung
from unseen.takedown import languages
from unseen.takedown.directory.party import SPOKEN_TO, Addressee, Channel, Party, PartyKind
from unseen.takedown.directory.problems import Problem

# What carries a notice to an addressee whom no law of this directory binds. Policies: they bind nobody.
FALLBACK = "host-abuse"
FALLBACKS: Mapping[PartyKind, str] = MappingProxyType(
    dict.fromkeys(PartyKind, FALLBACK)
    | {PartyKind.REGULATOR: "regulator-complaint", PartyKind.COUNSEL: "counsel-dossier"}
)
BLOCKING_LAW = "blocking-request"
LANGUAGES_WRITTEN = languages.WRITTEN  # those in takedown/texts/
_UNKNOWN = "site:"  # begins the key of a party that no file describes; no file may use a colon

# The list that comes with the package: no network, the same answer everywhere.
_split_domain = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


class LocationNotUnderstood(ValueError):
    """A text in which no host name can be found."""


class UnknownName(KeyError):
    """A law id or party key that the directory does not hold."""

    def __str__(self) -> str:
        return str(self.args[0])


class Directory:
    """All laws and parties. Built by `load_directory`; look-ups are one dictionary access per label of a host name."""

    def __init__(
        self,
        laws: Iterable[Law],
        parties: Iterable[Party],
        warnings: tuple[Problem, ...] = (),
        rules: tuple[RungRule, ...] = (),
    ) -> None:
        self.laws: Mapping[str, Law] = MappingProxyType({law.id: law for law in laws})
        self.parties: Mapping[str, Party] = MappingProxyType({party.key: party for party in parties})
        self.warnings = warnings
        self.rules = rules
        self._by_domain = {domain: party for party in self.parties.values() for domain in party.domains}
        # A later folder's regulator of a country wins: a centre knows its own better than we do.
        self._regulators = {one: party for party in self.parties.values() for one in party.regulates}
        self._blockers = {one: party for party in self.parties.values() for one in party.blocks}
        self._asked: dict[tuple[str, Rung, str], tuple[Party, ...]] = {}  # each step of each item asks
        self._everywhere = {
            kind: [party for party in self.parties.values() if party.kind is kind]
            for kind in (PartyKind.SEARCH, PartyKind.COUNSEL)
        }

    def law(self, law_id: str) -> Law:
        """The law with this id. Raises `UnknownName`."""
        if law_id not in self.laws:
            raise UnknownName(f"there is no law {law_id!r}: the directory has {', '.join(sorted(self.laws))}")
        return self.laws[law_id]

    def party(self, key: str) -> Party:
        """The party with this key; the key of an unknown site gives its generated party again. Raises `UnknownName`."""
        if key.startswith(_UNKNOWN):
            return self.party_for(key.removeprefix(_UNKNOWN))
        if key not in self.parties:
            raise UnknownName(f"there is no party {key!r}: see the files of the directory")
        return self.parties[key]

    def party_for(self, location_text: str) -> Party:
        """Who is behind a location: the listed domain with the longest match, or a generated, unknown party.

        Raises `LocationNotUnderstood`.
        """
        host = host_of(location_text)
        for name in _names_upwards(host):
            if name in self._by_domain:
                return self._by_domain[name]
        return _unknown_party(host)

    def regulator_of(self, country: str) -> Party | None:
        """The regulator of a country, if a file names one."""
        return self._regulators.get(country)

    def addressee(
        self,
        party: Party,
        rung: Rung,
        complainant_country: str,
        avoid: Collection[str] = (),
        *,
        asked: Collection[str] = (),
        ranked: Callable[[Party], Sequence[Channel]] = lambda party: party.reachable,
        worked: tuple[str, str] = ("", ""),
    ) -> Addressee | None:
        """Whom this rung asks: the first who is not among the keys in `asked`, and can be reached.

        Of its channels, in the order that `ranked` gives them, the first whose address or endpoint is not in `avoid`
        (it bounced). `worked`: key and law of a notice that was followed by a removal; the same is asked first.
        """
        key, law = worked
        for one in sorted(self.asked(party, rung, complainant_country), key=lambda one: one.key != key):
            if one.key in asked:
                continue
            channel = next((each for each in ranked(one) if each.to not in avoid), None)
            if channel is not None:
                language = next(
                    (each for each in one.languages if each in LANGUAGES_WRITTEN), LANGUAGES_WRITTEN[0]
                )
                laws = self.laws_for(one, complainant_country, rung)
                first = law if one.key == key else ""
                return Addressee(
                    one.key, one.name, channel.kind, channel.to, laws, language, one.limits, first
                )
        return None

    def ladder(
        self,
        party: Party,
        complainant_country: str,
        avoid: Collection[str] = (),
        asked: Mapping[Rung, Collection[str]] = MappingProxyType({}),
    ) -> tuple[Rung, ...]:
        """The rungs that lead to somebody, in order, each once for every addressee. It starts at what exists.

        `asked`: the keys of those who were asked on a rung already. They count, whether or not they can still be reached.
        """
        return tuple(
            rung
            for rung in self.order
            for one in self.asked(party, rung, complainant_country)
            if one.key in asked.get(rung, ()) or any(each.to not in avoid for each in one.reachable)
        )

    @property
    def order(self) -> tuple[Rung, ...]:
        """The rungs from the lowest to the highest."""
        return order_of(self.rules)

    def rule(self, rung: Rung) -> RungRule | None:
        """What the ladder in force says about a rung."""
        return rule_of(self.rules, rung)

    def laws_for(
        self, party: Party, complainant_country: str = "", rung: Rung | None = None
    ) -> tuple[str, ...]:
        """The ids of the laws of its file that speak to a party of its kind, and the fallback policy last.

        A law that only persons in some countries can invoke is left out for others. The fallback carries a notice where
        none of them can: `choose_laws` drops it beside a law that binds.
        """
        if rung is Rung.BLOCKING:
            return (BLOCKING_LAW,)
        spoken_to = SPOKEN_TO[party.kind]
        laws = [self.law(law_id) for law_id in party.laws]
        named = [law.id for law in laws if law.applies_to & spoken_to and law.open_to(complainant_country)]
        return tuple(dict.fromkeys([*named, FALLBACKS[party.kind]]))

    def asked(self, party: Party, rung: Rung, complainant_country: str) -> tuple[Party, ...]:
        """Everybody whom a rung can ask about a place of this party, in order; empty where it leads to nobody."""
        key = (party.key, rung, complainant_country)
        if key not in self._asked:
            found = self._found(party, rung, complainant_country)
            if not party.known:  # there is no end of unknown sites
                return found
            self._asked[key] = found
        return self._asked[key]

    def _found(self, party: Party, rung: Rung, complainant_country: str) -> tuple[Party, ...]:
        rule = self.rule(rung)
        if rule is None:
            return ()
        role, country = rule.asks, complainant_country
        if role is Role.PLATFORM:
            return () if party.kind is PartyKind.REGULATOR else (party,)
        if role is Role.REGULATOR:
            return tuple(filter(None, [self._regulators.get(country)]))
        if role is Role.BLOCKER:
            return tuple(filter(None, [self._blockers.get(country)]))
        if role is Role.SEARCH:
            return () if party.kind is PartyKind.SEARCH else self._serving(PartyKind.SEARCH, country)
        if role is Role.COUNSEL:
            return self._serving(PartyKind.COUNSEL, country)
        return tuple(self.parties[key] for key in self._behind(party, role) if key in self.parties)

    def _behind(self, party: Party, role: Role) -> tuple[str, ...]:
        """Who serves a party in this role; the network of its host is its own too."""
        own = party.served_by(role)
        if role is not Role.NETWORK or own:
            return own
        hosts = [self.parties[key] for key in party.served_by(Role.HOST) if key in self.parties]
        return hosts[0].served_by(role) if hosts else ()

    def _serving(self, kind: PartyKind, country: str) -> tuple[Party, ...]:
        """All search engines, or all counsel, that serve a country; those that name it first."""
        here = [one for one in self._everywhere[kind] if not one.serves or country in one.serves]
        return tuple(sorted(here, key=lambda one: (not one.serves, one.key)))


def host_of(location_text: str) -> str:
    """The host name (lower case, ASCII) of a URL, a bare host name or address, or a path such as `t.me/channel/7`."""
    text = location_text.strip()
    if not text or not text.isprintable() or len(text) > 4_096:
        raise LocationNotUnderstood("this location is empty, too long or holds a line break: give one URL")
    try:
        host = text if _is_address(text) else urlsplit(text if "://" in text else f"//{text}").hostname or ""
        host = host.rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError as error:
        raise LocationNotUnderstood("no host name can be read from this location: give one URL") from error
    if not host or any(not label for label in host.split(".")) or " " in host:
        raise LocationNotUnderstood(
            "there is no host name in this location: give one URL, as https://site.example/p/1"
        )
    return host.lower()


def site_of(host: str) -> str:
    """The part of a host name that somebody registered; an address is a site of its own."""
    return host if _is_address(host) else _registrable(host)


def is_public_suffix(domain: str) -> bool:
    """Whether anybody can register names below this one, as co.kr (an unlisted ending such as .test is none)."""
    parts = _split_domain(domain)
    return bool(parts.suffix) and not parts.domain


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _names_upwards(host: str) -> Iterator[str]:
    yield host
    if _is_address(host):
        return
    labels = host.split(".")
    for start in range(1, len(labels)):
        yield ".".join(labels[start:])


@functools.lru_cache(maxsize=4_096)
def _unknown_party(host: str) -> Party:
    name = f"[{host}]" if ":" in host else site_of(host)
    return Party(
        key=f"{_UNKNOWN}{name}",
        name=name,
        kind=PartyKind.PLATFORM,
        domains=(name,),
        country="",
        laws=(),
        channels=(),
        languages=("en",),
        source="no file describes this site",
        checked_on=None,
        confidence=Confidence.LOW,
    )


def _registrable(host: str) -> str:
    """The part that somebody registered. `.test` is on no list: there the last two labels are taken."""
    parts = _split_domain(host)
    if parts.suffix:
        return f"{parts.domain}.{parts.suffix}" if parts.domain else host
    return ".".join(host.split(".")[-2:])
