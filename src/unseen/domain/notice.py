"""What a notice must contain, which law carries it, and until when an answer is due."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from unseen.domain.route import Record, ordered


class Rung(StrEnum):
    """A step of the ladder: whom a notice goes to."""

    PLATFORM = "platform"
    PLATFORM_FINAL = "platform_final"
    HOST = "host"
    CDN = "cdn"
    UPSTREAM = "upstream"
    REGISTRAR = "registrar"
    SEARCH = "search"
    APP_STORE = "app_store"
    PAYMENT = "payment"
    REGULATOR = "regulator"
    BLOCKING = "blocking"
    COUNSEL = "counsel"

    @property
    def words(self) -> str:
        """The rung in words for people."""
        return RUNG_WORDS[self]


RUNG_WORDS: Mapping[Rung, str] = MappingProxyType(
    {
        Rung.PLATFORM: "first notice to the platform",
        Rung.PLATFORM_FINAL: "second and final notice to the platform",
        Rung.HOST: "notice to the hosting company",
        Rung.CDN: "notice to the delivery network",
        Rung.UPSTREAM: "notice to the network that carries the host",
        Rung.REGISTRAR: "notice to the registrar of the domain",
        Rung.SEARCH: "notice to a search engine",
        Rung.APP_STORE: "notice to an app store",
        Rung.PAYMENT: "notice to a payment network",
        Rung.REGULATOR: "complaint to the regulator",
        Rung.BLOCKING: "request to block access",
        Rung.COUNSEL: "dossier for counsel",
    }
)


class Element(StrEnum):
    """What a law wants to find in a notice."""

    LOCATION = "location"
    IDENTIFICATION = "identification"
    STATEMENT_OF_REASONS = "statement_of_reasons"
    GOOD_FAITH = "good_faith"
    CONTACT = "contact"
    NAME_OR_ORGANISATION = "name_or_organisation"
    SIGNATURE = "signature"
    DECLARES_REPRESENTATIVE = "declares_representative"
    DECLARES_CONTENT_PRESENT = "declares_content_present"
    DECLARES_TRUE = "declares_true"
    COPYRIGHT_WORK = "copyright_work"
    PENALTY_OF_PERJURY = "penalty_of_perjury"
    PROOF_OF_IDENTITY = "proof_of_identity"
    PROOF_OF_AUTHORITY = "proof_of_authority"

    @property
    def words(self) -> str:
        """The element in words for people."""
        return ELEMENT_WORDS[self]


ELEMENT_WORDS: Mapping[Element, str] = MappingProxyType(
    {
        Element.LOCATION: "where the image is (its exact addresses)",
        Element.IDENTIFICATION: "which image is meant, well enough to find it",
        Element.STATEMENT_OF_REASONS: "why it is unlawful",
        Element.GOOD_FAITH: "a statement of good faith",
        Element.CONTACT: "how to reach the sender",
        Element.NAME_OR_ORGANISATION: "the name of the sender",
        Element.SIGNATURE: "a signature",
        Element.DECLARES_REPRESENTATIVE: "who reports: the person shown, or somebody acting for that person",
        Element.DECLARES_CONTENT_PRESENT: "a declaration that the image is on the service",
        Element.DECLARES_TRUE: "a declaration that the notice is true",
        Element.COPYRIGHT_WORK: "the work, and that the sender holds its copyright or acts for who does",
        Element.PENALTY_OF_PERJURY: "a statement under penalty of perjury",
        Element.PROOF_OF_IDENTITY: "a proof of identity",
        Element.PROOF_OF_AUTHORITY: "a proof of the relation to the person or of the authority to act",
    }
)


class AppliesTo(StrEnum):
    """The kinds of addressee that a law speaks to."""

    PLATFORM = "platform"
    HOST = "host"
    SEARCH = "search"
    INTERMEDIARY = "intermediary"  # CDN, network, registrar, app store, payment network
    REGULATOR = "regulator"
    COUNSEL = "counsel"


class LawUse(StrEnum):
    """What we may do with a law by ourselves."""

    NOTICE = "notice"  # a notice may be based on it
    PERSON = "person"  # only where a person chose it for this case: it has a price for the person shown
    REFERENCE = "reference"  # never in a notice of ours: a crime, an authority's power, a duty to others


class LawStatus(StrEnum):
    """How far a law has come. `policy` binds nobody by law."""

    IN_FORCE = "in_force"
    PASSED = "passed"
    DRAFT = "draft"
    POLICY = "policy"
    UNCERTAIN = "uncertain"


class Confidence(StrEnum):
    """How sure we are of what a data file says."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Law:
    """One legal basis, as its data file states it. `version` changes whenever any fact of it does."""

    id: str
    version: str
    jurisdiction: str
    instrument: str
    article: str
    title: str
    applies_to: frozenset[AppliesTo]
    senders: tuple[str, ...]
    elements: frozenset[Element]
    languages: tuple[str, ...]
    clock_start: str
    answer_within_hours: int | None
    deadline_words: str
    target_hours: int | None
    duty_on_copies: str
    penalty: str
    complain_to: str
    in_force_from: date | None
    status: LawStatus
    sources: tuple[str, ...]
    checked_on: date
    confidence: Confidence
    note: str = ""
    use: LawUse = LawUse.NOTICE
    in_force_until: date | None = None  # the last day
    persons_in: tuple[str, ...] = ()  # only persons in these countries can invoke it; empty: anybody
    called: str = ""  # as people write it, short

    def __post_init__(self) -> None:
        hours = self.answer_within_hours or self.target_hours
        timeless = self.use is LawUse.REFERENCE and hours is None
        if not timeless and (hours is None or hours <= 0):
            raise ValueError(
                f"law {self.id}: give answer_within_hours, or target_hours where the law has no hours"
            )

    @property
    def binding(self) -> bool:
        """Whether anybody is bound by it: a policy or a draft binds nobody."""
        return self.status is LawStatus.IN_FORCE

    @property
    def statutory(self) -> bool:
        """Whether the number of hours is the law's own, and in force."""
        return self.binding and self.answer_within_hours is not None

    @property
    def hours(self) -> int:
        """Hours from provable receipt to the deadline: the statute's, or else our own target."""
        return self.answer_within_hours or self.target_hours or 0

    @property
    def citation(self) -> str:
        """Instrument and article in one line."""
        return f"{self.instrument}, {self.article}"

    @property
    def name(self) -> str:
        """As people write it; the whole citation where nobody gave a short name."""
        return self.called or self.citation

    def ended(self, on: date) -> bool:
        """Whether it is dead on that day."""
        return self.in_force_until is not None and self.in_force_until < on

    def open_to(self, country: str) -> bool:
        """Whether a person in this country can invoke it."""
        return not self.persons_in or country in self.persons_in


@dataclass(frozen=True, slots=True)
class ChosenLaws:
    """The law whose clock counts, and the others named in the same notice."""

    primary: Law
    also: tuple[Law, ...] = ()

    def __iter__(self) -> Iterator[Law]:
        yield self.primary
        yield from self.also


class NoUsableLaw(ValueError):
    """No law of the list may carry a notice alone on that day."""


def usable_alone(law: Law, on: date) -> bool:
    """Whether a notice may rest on this law only: in force on that day (or a policy), and we are sure enough."""
    if law.confidence is Confidence.LOW or not usable(law, on):
        return False
    if law.status is LawStatus.POLICY:
        return law.in_force_from is None or law.in_force_from <= on
    return law.status is LawStatus.IN_FORCE and law.in_force_from is not None and law.in_force_from <= on


def usable(law: Law, on: date) -> bool:
    """Whether a notice of ours may name it at all: it is made for notices and has not ended."""
    return law.use is LawUse.NOTICE and not law.ended(on)


def choose_laws(
    laws: Iterable[Law],
    on: date,
    record_of: Callable[[Law], Record] = lambda _: Record(),
    *,
    first: str = "",
) -> ChosenLaws:
    """Pick the basis of a notice: the shortest statutory hours, then the shortest target, a policy last.

    Among those of equal standing (statutory hours, our own target, policy) measured success may change the order.
    `first`: the id of the law that carries the notice if it may stand alone, because under it the same was removed before.

    Laws that could not stand alone are named beside it, except drafts; so is no policy beside a law that binds, for it
    says that nobody is bound. Raises `NoUsableLaw`.
    """
    known = sorted({law.id: law for law in laws if usable(law, on)}.values(), key=_preference)
    alone = [law for law in known if usable_alone(law, on)]
    equal = [law for law in alone if _preference(law)[:2] == _preference(alone[0])[:2]]
    worked = [law for law in alone if law.id == first and law.binding is alone[0].binding]
    primary = next(iter(worked or ordered(equal, record_of)), None)
    if primary is None:
        names = ", ".join(law.id for law in known) or "none at all"
        raise NoUsableLaw(
            f"no law can carry this notice on {on} (given: {names}): "
            "add one that is in force, and of which we are sure, to the addressee's file"
        )
    silent = {LawStatus.DRAFT, LawStatus.POLICY} if primary.binding else {LawStatus.DRAFT}
    return ChosenLaws(
        primary, tuple(law for law in known if law.id != primary.id and law.status not in silent)
    )


def _preference(law: Law) -> tuple[bool, bool, int, str]:
    return (law.status is LawStatus.POLICY, not law.statutory, law.hours, law.id)


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What we are about to declare, before it is put into words for one addressee."""

    reference: str  # opaque: says nothing about a person
    organisation: str
    contact_email: str
    signatory: str
    representative: bool
    good_faith: bool
    statement: str
    locations: tuple[str, ...]


def missing_elements(draft: NoticeDraft, laws: Iterable[Law]) -> tuple[Element, ...]:
    """The elements that any of these laws asks for and the draft does not give, in a fixed order.

    A clock starts at the receipt of a *valid* notice (47 U.S.C. 223a(a)(3)), so nothing goes out while one is missing.
    """
    wanted: frozenset[Element] = frozenset().union(*(law.elements for law in laws))
    return tuple(element for element in Element if element in wanted and not _GIVEN[element](draft))


def _locations_given(draft: NoticeDraft) -> bool:
    return bool(draft.locations) and all(location.strip() for location in draft.locations)


def _contact_given(draft: NoticeDraft) -> bool:
    name, at, domain = draft.contact_email.strip().partition("@")
    return bool(name and at and domain) and "@" not in domain


_GIVEN: Mapping[Element, Callable[[NoticeDraft], bool]] = MappingProxyType(
    {
        Element.LOCATION: _locations_given,
        Element.IDENTIFICATION: lambda draft: bool(draft.reference.strip()) and _locations_given(draft),
        Element.STATEMENT_OF_REASONS: lambda draft: bool(draft.statement.strip()),
        Element.GOOD_FAITH: lambda draft: draft.good_faith,
        Element.CONTACT: _contact_given,
        Element.NAME_OR_ORGANISATION: lambda draft: bool(draft.organisation.strip()),
        Element.SIGNATURE: lambda draft: bool(draft.signatory.strip()),
        Element.DECLARES_REPRESENTATIVE: lambda draft: draft.representative,
        Element.DECLARES_CONTENT_PRESENT: _locations_given,
        Element.DECLARES_TRUE: lambda draft: draft.good_faith,
        # Nothing of ours gives these: a person has to, for one case, so no notice goes out by itself.
        Element.COPYRIGHT_WORK: lambda _: False,
        Element.PENALTY_OF_PERJURY: lambda _: False,
        Element.PROOF_OF_IDENTITY: lambda _: False,
        Element.PROOF_OF_AUTHORITY: lambda _: False,
    }
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an answer is due, by which version of which law (promise 8), and whether the hours are the law's own.

    `ladder_version`: of the ladder, where its shorter target for the rung set the hours; else empty.
    """

    at: datetime
    law_id: str
    law_version: str
    statutory: bool
    hours: int
    ladder_version: str = ""


def deadline_of(law: Law, received_at: datetime) -> Deadline:
    """The deadline that starts at the provable receipt (aware) of a valid notice under this law."""
    if received_at.tzinfo is None:
        raise ValueError("received_at has no time zone: pass an aware time in UTC")
    return Deadline(received_at + timedelta(hours=law.hours), law.id, law.version, law.statutory, law.hours)
