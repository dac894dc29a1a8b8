"""The words of the directory: a party, the channels that reach it, its limits, and an addressee of one notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from unseen.domain.batch import NO_LIMITS, Limits
from unseen.domain.ladder import Role
from unseen.domain.notice import AppliesTo, Confidence
from unseen.takedown.directory.url_forms import UrlForm


class PartyKind(StrEnum):
    """What a party is to us."""

    PLATFORM = "platform"
    SEARCH = "search"
    HOST = "host"
    CDN = "cdn"
    NETWORK = "network"
    REGISTRAR = "registrar"
    APP_STORE = "app_store"
    PAYMENT = "payment"
    REGULATOR = "regulator"
    COUNSEL = "counsel"


class ChannelKind(StrEnum):
    """How a notice travels. A form is filled in by a person; the others are sent by the worker."""

    API = "api"
    EMAIL = "email"
    FORM = "form"
    REPORT = "report"  # an abuse report by mail that a machine reads: XARF v4 in an RFC 5965 message
    PACKET = "packet"  # a mail with a PDF and the same as JSON, for a regulator


def _(text: str) -> str:
    """Marks a text for the catalogues, where Django's own marker cannot: it reads settings, and the demo's table has none."""
    return text


CHANNEL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        ChannelKind.API: _("their notice service"),
        ChannelKind.EMAIL: _("e-mail"),
        ChannelKind.FORM: _("their form"),
        ChannelKind.REPORT: _("abuse report by e-mail"),
        ChannelKind.PACKET: _("packet by e-mail"),
    }
)

_INTERMEDIARY = frozenset({AppliesTo.INTERMEDIARY})
# Which laws speak to which kind of party. Some platforms are also searched, so both speak to them.
SPOKEN_TO = {
    PartyKind.PLATFORM: frozenset({AppliesTo.PLATFORM, AppliesTo.SEARCH}),
    PartyKind.SEARCH: frozenset({AppliesTo.SEARCH}),
    PartyKind.HOST: frozenset({AppliesTo.HOST}),
    PartyKind.CDN: _INTERMEDIARY,
    PartyKind.NETWORK: _INTERMEDIARY,
    PartyKind.REGISTRAR: _INTERMEDIARY,
    PartyKind.APP_STORE: _INTERMEDIARY,
    PartyKind.PAYMENT: _INTERMEDIARY,
    PartyKind.REGULATOR: frozenset({AppliesTo.REGULATOR}),
    PartyKind.COUNSEL: frozenset({AppliesTo.COUNSEL}),
}
# Which kinds of party may stand in a field of a file that names one. A CDN may be a site's host.
MAY_BE = {
    Role.HOST: (PartyKind.HOST, PartyKind.CDN),
    Role.CDN: (PartyKind.CDN,),
    Role.NETWORK: (PartyKind.NETWORK, PartyKind.HOST),
    Role.REGISTRAR: (PartyKind.REGISTRAR,),
    Role.APP_STORE: (PartyKind.APP_STORE,),
    Role.PAYMENT: (PartyKind.PAYMENT,),
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a party. `to` is an e-mail address, an API endpoint or the location of a form."""

    kind: ChannelKind
    to: str


@dataclass(frozen=True, slots=True)
class Party:
    """Anybody who can be asked, as the data file states it."""

    key: str
    name: str
    kind: PartyKind
    domains: tuple[str, ...]
    country: str
    laws: tuple[str, ...]
    channels: tuple[Channel, ...]
    languages: tuple[str, ...]
    source: str
    checked_on: date | None  # None: nobody wrote a file about it
    confidence: Confidence
    regulates: tuple[str, ...] = ()
    known_behaviour: str = ""
    behind: tuple[tuple[Role, tuple[str, ...]], ...] = ()  # keys of those who serve it, by role
    blocks: tuple[str, ...] = ()  # countries in which it may order a block
    serves: tuple[str, ...] = ()  # a search engine's or counsel's countries; empty: all
    required_fields: tuple[str, ...] = ()
    url_forms: tuple[UrlForm, ...] = ()
    limits: Limits = NO_LIMITS

    @property
    def known(self) -> bool:
        """Whether a data file describes it; an unknown site is only a name."""
        return self.checked_on is not None

    @property
    def reachable(self) -> tuple[Channel, ...]:
        """The channels that may be used. An address of which we are not sure is no machine's to write to."""
        sure = self.confidence is not Confidence.LOW
        return tuple(one for one in self.channels if sure or one.kind is ChannelKind.FORM)

    def served_by(self, role: Role) -> tuple[str, ...]:
        """The keys of those who serve it in this role."""
        return next((keys for one, keys in self.behind if one is role), ())

    def form_of(self, location: str) -> UrlForm | None:
        """The first of its URL forms that a location has."""
        return next((form for form in self.url_forms if form.parts_of(location) is not None), None)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom one notice goes to: the party, the channel that is tried, the laws that may carry the notice."""

    party_key: str
    name: str
    channel_kind: ChannelKind
    address_or_endpoint: str
    laws: tuple[str, ...]
    language: str
    limits: Limits = NO_LIMITS
    first_law: str = ""  # carries the notice if it still may: under it the material was removed before
