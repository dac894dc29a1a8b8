"""Who would be asked about a location, in which order, under which laws, and why: as facts, for people and programs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from unseen.domain.batch import Limits
from unseen.domain.ladder import RungRule
from unseen.domain.notice import ChosenLaws, Law, LawUse, NoUsableLaw, choose_laws, usable, usable_alone
from unseen.domain.route import Record
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.party import SPOKEN_TO, Addressee, Channel, ChannelKind, Party
from unseen.takedown.directory.url_forms import IDENTIFIES_WORDS, Identifies

# What is known about how often a channel or a law of an addressee led to a removal.
ChannelRecord = Callable[[Party, Channel], Record]
LawRecord = Callable[[str, Law], Record]
Ranked = Callable[[Party], tuple[Channel, ...]]


@dataclass(frozen=True, slots=True)
class ShownLaw:
    """One law of a notice. `alone`: whether the notice could rest on it only."""

    id: str
    name: str  # as people write it
    citation: str
    hours: int
    clock: str
    alone: bool
    status: str
    confidence: str
    measured: str


@dataclass(frozen=True, slots=True)
class ShownRung:
    """One notice that would go out, if those before it did not help."""

    number: int
    rung: str
    words: str
    addressee: str
    addressee_key: str
    channel: str
    to: str
    by_a_person: bool
    language: str
    why: str
    conditions: tuple[str, ...]
    answer_hours: int | None
    clock: str
    laws: tuple[ShownLaw, ...]
    not_named: tuple[str, ...]  # laws of its file that no notice of ours names, with the reason
    trouble: str
    measured: str
    limits: Limits
    required_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything about one location."""

    location: str
    party: str
    party_key: str
    kind: str
    known: bool
    checked_on: str
    confidence: str
    source: str
    known_behaviour: str
    identifies: str
    identifies_words: str
    parts: dict[str, str]
    rungs: tuple[ShownRung, ...]
    left_out: tuple[str, ...]
    by_a_person_only: tuple[str, ...]  # laws that no notice names by itself, each with its price


@dataclass(frozen=True, slots=True)
class Measured:
    """What the centre's own tables say; without them nothing is measured and the order is that of the files."""

    channels: Ranked = lambda party: party.reachable
    channel: ChannelRecord = lambda _party, _channel: Record()
    law: LawRecord = lambda _key, _law: Record()


RULES_ONLY = Measured()


def show(
    directory: Directory, location: str, country: str, today: date, measured: Measured = RULES_ONLY
) -> Shown:
    """The whole answer for one location. Raises LocationNotUnderstood."""
    party = directory.party_for(location)
    form = party.form_of(location)
    parts = form.parts_of(location) if form is not None else None
    what = form.identifies if form is not None else None
    rungs = tuple(_rungs(directory, party, country, today, measured))
    climbed = {one.rung for one in rungs}
    return Shown(
        location=location,
        party=party.name,
        party_key=party.key,
        kind=party.kind,
        known=party.known,
        checked_on=party.checked_on.isoformat() if party.checked_on else "",
        confidence=party.confidence,
        source=party.source,
        known_behaviour=party.known_behaviour,
        identifies=what or "",
        identifies_words=_identifies_words(party, what),
        parts=dict(parts or {}),
        rungs=rungs,
        left_out=tuple(
            f"{rule.rung.words}: {_left_out(directory, party, rule, country)}"
            for rule in directory.rules
            if rule.rung not in climbed
        ),
        by_a_person_only=tuple(
            f"{law.name}: {law.note}"
            for law in directory.laws.values()
            if law.use is LawUse.PERSON
            and law.applies_to & SPOKEN_TO[party.kind]
            and law.open_to(country)
            and not law.ended(today)
        ),
    )


def _identifies_words(party: Party, what: Identifies | None) -> str:
    if what is not None:
        return IDENTIFIES_WORDS[what]
    return "has none of the forms that its file knows: is it complete?" if party.url_forms else ""


def _left_out(directory: Directory, party: Party, rule: RungRule, country: str) -> str:
    asked = directory.asked(party, rule.rung, country)
    if not asked:
        return "nobody is known"
    if any(one.channels for one in asked):
        return "an address is known and not confirmed, so no machine writes to it"
    return f"no address is known of {', '.join(one.name for one in asked)}"


def _rungs(
    directory: Directory, party: Party, country: str, today: date, measured: Measured
) -> Iterator[ShownRung]:
    number = 0
    for rule in directory.rules:
        asked: list[str] = []
        while True:
            addressee = directory.addressee(party, rule.rung, country, asked=asked, ranked=measured.channels)
            if addressee is None:
                break
            asked.append(addressee.party_key)
            number += 1
            yield _rung(directory, rule, addressee, number, today, measured)


def _rung(
    directory: Directory, rule: RungRule, addressee: Addressee, number: int, today: date, measured: Measured
) -> ShownRung:
    party = directory.party(addressee.party_key)
    given = [directory.law(law_id) for law_id in addressee.laws]
    chosen: ChosenLaws | None = None
    trouble = ""
    try:
        chosen = choose_laws(given, today, lambda law: measured.law(party.key, law))
    except NoUsableLaw as error:
        trouble = str(error)
    channel = Channel(addressee.channel_kind, addressee.address_or_endpoint)
    named = [law.id for law in chosen or ()]
    hours = (
        None if chosen is None else min(rule.answer_hours_max or chosen.primary.hours, chosen.primary.hours)
    )
    return ShownRung(
        number=number,
        rung=rule.rung,
        words=rule.rung.words,
        addressee=addressee.name,
        addressee_key=party.key,
        channel=channel.kind,
        to=channel.to,
        by_a_person=channel.kind is ChannelKind.FORM,
        language=addressee.language,
        why=rule.why,
        conditions=rule.conditions,
        answer_hours=hours,
        clock=_clock_of(rule, chosen),
        laws=tuple(_law(law, today, measured.law(party.key, law)) for law in chosen or ()),
        not_named=tuple(
            f"{law.name} ({_why_not(law, today)})"
            for law in map(directory.law, party.laws)
            if law.id not in named and law.id not in addressee.laws
        ),
        trouble=trouble,
        measured=measured.channel(party, channel).words,
        limits=addressee.limits,
        required_fields=party.required_fields,
    )


def _law(law: Law, today: date, record: Record) -> ShownLaw:
    return ShownLaw(
        id=law.id,
        name=law.name,
        citation=law.citation,
        hours=law.hours,
        clock=clock(law),
        alone=usable_alone(law, today),
        status=law.status,
        confidence=law.confidence,
        measured=record.words,
    )


def _clock_of(rule: RungRule, chosen: ChosenLaws | None) -> str:
    if chosen is None:
        return ""
    if rule.answer_hours_max is None or rule.answer_hours_max >= chosen.primary.hours:
        return clock(chosen.primary)
    return f"{rule.answer_hours_max} hours, our own target for this rung"


def _why_not(law: Law, today: date) -> str:
    if law.persons_in:
        return f"only persons in {', '.join(law.persons_in)} can invoke it"
    return "no notice of ours may name it" if not usable(law, today) else "it does not speak to them"


def clock(law: Law) -> str:
    """Whose hours these are: the statute's, a statute's not yet in force, or only ours."""
    if law.statutory:
        return f"{law.hours} hours by law"
    if law.answer_within_hours is not None:
        return f"{law.hours} hours, but not known to be in force"
    bound = "the law sets no hours" if law.binding else "binds nobody by law"
    return f"{law.hours} hours, our own target ({bound})"
