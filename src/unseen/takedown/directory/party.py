"""The words of the directory: a party, the channels that reach it, and an addressee of one notice."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from unseen.domain.batch import Limits
from unseen.domain.notice import AppliesTo, Confidence

NO_LIMITS = Limits()  # nobody wrote any down


class PartyKind(StrEnum):
    """What a party is to us."""

    PLATFORM = "platform"
    HOST = "host"
    REGULATOR = "regulator"


class ChannelKind(StrEnum):
    """How a notice travels. A form is filled in by a person; the others are sent by the worker."""

    API = "api"
    EMAIL = "email"
    FORM = "form"
    REPORT = "report"  # an abuse report by mail that a machine reads: XARF v4 in an RFC 5965 message
    PACKET = "packet"  # a mail with a PDF and the same as JSON, for a regulator


# Which laws speak to which kind of party. A search service is a platform to us.
SPOKEN_TO = {
    PartyKind.PLATFORM: frozenset({AppliesTo.PLATFORM, AppliesTo.SEARCH}),
    PartyKind.HOST: frozenset({AppliesTo.HOST}),
    PartyKind.REGULATOR: frozenset({AppliesTo.REGULATOR}),
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a party. `to` is an e-mail address, an API endpoint or the location of a form."""

    kind: ChannelKind
    to: str
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Party:
    """A platform, a hosting company or a regulator, as its data file states it."""

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
    host: str | None = None
    regulates: tuple[str, ...] = ()
    known_behaviour: str = ""

    @property
    def known(self) -> bool:
        """Whether a data file describes it; an unknown site is only a name."""
        return self.checked_on is not None


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
