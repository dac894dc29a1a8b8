"""Look up who is behind a location, whom to ask in which order, and under which laws."""

import functools
import ipaddress
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

import tldextract

from unseen.domain.notice import AppliesTo, Confidence, Law, Rung
from unseen.takedown import languages
from unseen.takedown.directory.party import SPOKEN_TO, Addressee, Party, PartyKind
from unseen.takedown.directory.problems import Problem

# What carries a notice to an addressee whom no law of this directory binds. Policies: they bind nobody.
FALLBACKS: Mapping[AppliesTo, str] = MappingProxyType(
    {
        AppliesTo.PLATFORM: "host-abuse",
        AppliesTo.HOST: "host-abuse",
        AppliesTo.REGULATOR: "regulator-complaint",
    }
)
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
        self, laws: Iterable[Law], parties: Iterable[Party], warnings: tuple[Problem, ...] = ()
    ) -> None:
        self.laws: Mapping[str, Law] = MappingProxyType({law.id: law for law in laws})
        self.parties: Mapping[str, Party] = MappingProxyType({party.key: party for party in parties})
        self.warnings = warnings
        self._by_domain = {domain: party for party in self.parties.values() for domain in party.domains}
        # A later folder's regulator of a country wins: a centre knows its own better than we do.
        self._regulators = {one: party for party in self.parties.values() for one in party.regulates}

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
        self, party: Party, rung: Rung, complainant_country: str, avoid: Collection[str] = ()
    ) -> Addressee | None:
        """Whom this rung asks, by the first channel whose address or endpoint is not in `avoid` (it bounced)."""
        asked = self._asked(party, rung, complainant_country)
        if asked is None:
            return None
        channel = next((one for one in asked.channels if one.to not in avoid), None)
        if channel is None:
            return None
        language = next((one for one in asked.languages if one in LANGUAGES_WRITTEN), LANGUAGES_WRITTEN[0])
        where = (channel.kind, channel.to, self.laws_for(asked), language, channel.limits)
        return Addressee(asked.key, asked.name, *where)

    def ladder(self, party: Party, complainant_country: str) -> tuple[Rung, ...]:
        """The rungs that lead to somebody, in order. It starts at what exists."""
        return tuple(rung for rung in Rung if self.addressee(party, rung, complainant_country) is not None)

    def laws_for(self, party: Party) -> tuple[str, ...]:
        """The ids of the laws of its file that speak to a party of its kind, and the fallback policy last.

        The fallback carries a notice where none of them can: `choose_laws` drops it beside a law that binds.
        """
        spoken_to = SPOKEN_TO[party.kind]
        named = [law_id for law_id in party.laws if self.law(law_id).applies_to & spoken_to]
        return tuple(dict.fromkeys([*named, FALLBACKS[AppliesTo(party.kind.value)]]))

    def _asked(self, party: Party, rung: Rung, complainant_country: str) -> Party | None:
        if rung is Rung.HOST:
            return self.parties.get(party.host) if party.host else None
        if rung is Rung.REGULATOR:
            return self.regulator_of(complainant_country)
        return None if party.kind is PartyKind.REGULATOR else party


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
    name = (f"[{host}]" if ":" in host else host) if _is_address(host) else _registrable(host)
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
