"""What `unseen directory` says about a location, one plain line after the other."""

from collections.abc import Iterator
from itertools import groupby

from unseen.domain.batch import Limits
from unseen.takedown.directory.party import CHANNEL_WORDS
from unseen.takedown.directory.shown import Shown, ShownRung
from unseen.takedown.rdap.answers import Contact
from unseen.takedown.rdap.resolve import Resolved

_UNMEASURED = "not measured yet"
_LANGUAGES = {"en": "English", "ko": "Korean"}


def sentences(shown: Shown) -> Iterator[str]:
    """The answer of `show`: who it is, who is asked in which order, who is left out and why."""
    sure = f"checked on {shown.checked_on}, confidence {shown.confidence}"
    yield f"{shown.party} ({shown.kind}), {sure if shown.known else 'an unknown site: no file describes it'}"
    if shown.identifies_words:
        parts = ", ".join(f"{name} {value}" for name, value in shown.parts.items())
        yield f"  This location: {shown.identifies_words}{f' ({parts})' if parts else ''}"
    if shown.known_behaviour:
        yield f"  What is known: {shown.known_behaviour}"
    if all(rung.conditions for rung in shown.rungs):
        waits = "whoever is named below waits for an earlier notice. R" if shown.rungs else "r"
        yield f"Nobody can be asked yet: {waits}un `unseen directory resolve`, or add a file for this site or its host."
    before: ShownRung | None = None
    for rung in shown.rungs:
        yield from _rung_sentences(rung, before)
        before = rung
    yield from _left_out(shown)
    if shown.rungs and all(rung.measured == _UNMEASURED for rung in shown.rungs):
        yield "No route is measured yet: the order is that of the rules."
    for line in shown.by_a_person_only:
        yield f"Only if a person chooses it: {line}"


def _rung_sentences(rung: ShownRung, before: ShownRung | None) -> Iterator[str]:
    by_hand = " (a person fills it in)" if rung.by_a_person else ""
    channel = CHANNEL_WORDS.get(rung.channel, rung.channel)
    language = _LANGUAGES.get(rung.language, rung.language)
    yield f"{rung.number}. {rung.words}: {rung.addressee}, by {channel} {rung.to}{by_hand}, in {language}"
    yield f"   answer due in {rung.clock}" if rung.clock else f"   {rung.trouble}"
    if rung.why and (before is None or before.why != rung.why):
        yield f"   why: {rung.why}"
    if rung.conditions:
        yield f"   only if {' and '.join(rung.conditions)}"
    yield from _law_sentences(rung, before)
    limits = ", ".join(_limit_words(rung.limits))
    if limits:
        yield f"   one notice holds {limits}"
    if rung.required_fields and (before is None or before.required_fields != rung.required_fields):
        yield f"   they want: {', '.join(rung.required_fields)}"
    if rung.measured != _UNMEASURED:
        yield f"   success so far: {rung.measured}"


def _law_sentences(rung: ShownRung, before: ShownRung | None) -> Iterator[str]:
    if before is not None and (before.addressee_key, before.laws) == (rung.addressee_key, rung.laws):
        yield f"   under the same laws as number {before.number}"
        return
    for number, law in enumerate(rung.laws):
        alone = "" if law.alone else f"; not enough alone (status {law.status}, confidence {law.confidence})"
        yield f"   {'also' if number else 'under'} {law.name}: {law.clock}{alone}"
    if rung.not_named:
        yield f"   not named: {'; '.join(rung.not_named)}"


def _left_out(shown: Shown) -> Iterator[str]:
    """Those who are left out for the same reason stand in one line."""
    pairs = [line.partition(": ")[::2] for line in shown.left_out]
    for reason, lines in groupby(sorted(pairs, key=lambda pair: pair[1]), lambda pair: pair[1]):
        yield f"Left out, because {reason}: {', '.join(words for words, _ in lines)}."


def _limit_words(limits: Limits) -> Iterator[str]:
    if limits.locations_per_notice_max:
        yield f"at most {limits.locations_per_notice_max} locations"
    if limits.location_characters_max:
        yield f"locations of at most {limits.location_characters_max} characters"
    if limits.text_characters_max:
        yield f"at most {limits.text_characters_max} characters of text"
    if limits.one_host_per_notice:
        yield "locations of one host name only"


def resolved_sentences(found: Resolved) -> Iterator[str]:
    """What DNS and RDAP said, one plain line after the other."""
    yield f"{found.site}, looked up on {found.resolved_on} (by strangers' entries: check before you rely on it)"
    if found.addresses:
        yield f"  addresses: {', '.join(found.addresses)}"
    if found.network:
        holder = f", held by {found.network_holder}" if found.network_holder else ""
        country = f" ({found.network_country})" if found.network_country else ""
        yield f"  network: {found.network}{country}{holder}; {_where_to_complain(found.network_abuse)}"
    if found.registrar or found.registrar_abuse:
        yield f"  registrar: {found.registrar or 'not named'}; {_where_to_complain(found.registrar_abuse)}"
    for trouble in found.troubles:
        yield f"  not known: {trouble}"


def _where_to_complain(contact: Contact) -> str:
    return f"complaints to {', '.join(contact.emails)}" if contact.emails else "no address for complaints"
