"""Put a notice into words: English or Korean, every required element of every named law, nothing a stranger wrote.

The wording lies in `texts/en.toml` and `texts/ko.toml`. What varies is the reference, the locations, and the centre's
own name, address and signatory; each is checked before it is set in.
"""

import functools
import re
import textwrap
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from unseen.domain.limits import LOCATION_CHARACTERS_MAX
from unseen.domain.notice import ChosenLaws, Element, Law, NoticeDraft, Rung, missing_elements
from unseen.takedown.directory.fields import ADDRESS
from unseen.takedown.languages import TEXTS, WRITTEN

LOCATIONS_BEGIN, LOCATIONS_END = "-- locations --", "-- end --"
LANGUAGES = WRITTEN
NAME_CHARACTERS_MAX = (
    200  # an organisation's or a person's name, or the words of a deadline; no more is a name
)
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")

# What each rung is asked to do; every other one is asked to remove the material.
_REQUESTS: Mapping[Rung, str] = {
    Rung.CDN: "intermediary",
    Rung.UPSTREAM: "intermediary",
    Rung.REGISTRAR: "intermediary",
    Rung.APP_STORE: "intermediary",
    Rung.PAYMENT: "intermediary",
    Rung.SEARCH: "search",
    Rung.REGULATOR: "regulator",
    Rung.BLOCKING: "blocking",
    Rung.COUNSEL: "counsel",
}

Texts = Mapping[str, Any]
# Where a person puts right what is missing; the rest comes from the item.
_SET_IN = {
    Element.CONTACT: "UNSEEN_ORGANISATION_EMAIL",
    Element.NAME_OR_ORGANISATION: "UNSEEN_ORGANISATION",
    Element.SIGNATURE: "UNSEEN_SIGNATORY",
}


class NoticeRefused(ValueError):
    """A notice that must not be written so; the message names the part and the cure, never its content."""


class Nature(StrEnum):
    """What is known about the material; decides the statement of reasons."""

    REAL = "real"
    SYNTHETIC = "synthetic"
    UNKNOWN = "unknown"


class Answer(StrEnum):
    """What came of an earlier notice."""

    NONE = "none"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    SAYS_REMOVED = "says_removed"
    REMOVED = "removed"  # it was removed after this notice, and is back: that is why we write again
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class PreviousNotice:
    """One earlier notice about the same material, for the record in the next one. Times are aware."""

    rung: Rung
    addressee: str
    sent_at: datetime
    received_at: datetime | None = None
    deadline_at: datetime | None = None
    answer: Answer = Answer.NONE
    laws: tuple[Law, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in words: one line of subject, and a plain-text body."""

    subject: str
    body: str


def statement(nature: Nature, language: str) -> str:
    """The statement of reasons for `NoticeDraft.statement`: fixed wording, nothing from a report."""
    return str(_texts(language)["statements"][nature.value])


def plain_deadline(hours: int, *, statutory: bool, language: str) -> str:
    """The words for a deadline; a target is called one. Default: those of the primary law."""
    kind = "statutory" if statutory else "target"
    return str(_texts(language)["deadlines"][kind]).format(hours=hours)


def write_notice(
    draft: NoticeDraft,
    laws: ChosenLaws,
    rung: Rung,
    language: str,
    previous: Sequence[PreviousNotice] = (),
    deadline_words: str | None = None,
    *,
    items: int = 1,
    verify: str = "",
) -> NoticeText:
    """The notice for one rung: request, locations, reasons, the record so far, one section per law, signature.

    `previous` is the record in order of time; the second notice to a platform needs the first one in it. `items`: how
    many the locations belong to. `verify`: the page on which anybody can ask whether the notice is ours. Raises
    `NoticeRefused` for a missing element or for anything that could smuggle a line into the notice.
    """
    texts = _texts(language)
    _check_draft(draft, laws, rung, previous)
    words = deadline_words or plain_deadline(
        laws.primary.hours, statutory=laws.primary.statutory, language=language
    )
    _check_line("deadline_words", words)
    values = {
        "reference": draft.reference,
        "organisation": draft.organisation,
        "contact_email": draft.contact_email,
        "signatory": draft.signatory,
        "deadline_words": words,
        "verify": verify,
        "count": str(items),
    }
    if verify:
        _check_line("verify", verify)
    reasons = texts["statements"][_nature_of(draft.statement).value]
    request = texts["requests"][_REQUESTS.get(rung, "platform")]
    parts = [
        _filled(texts, texts["openings"][_opening(rung, previous)], values),
        _filled(texts, texts["sender"], values),
        *([_filled(texts, texts["verify"], values)] if verify else []),
        *([_filled(texts, texts["several"], values)] if items > 1 else []),
        _section(texts["heading_request"], _filled(texts, request, values)),
        _section(texts["heading_locations"], _locations_block(texts, draft.locations)),
        _section(texts["heading_reasons"], _filled(texts, reasons, {})),
        *_before(texts, previous),
        *(_law_section(texts, law, number, values) for number, law in enumerate(laws, start=1)),
        _section(texts["heading_confidential"], _filled(texts, texts["confidential"], values)),
        _section(texts["heading_signature"], _filled(texts, texts["signature"], values)),
    ]
    subject = texts["subject"].format(reference=draft.reference, rung=texts["rungs"][rung.value])
    return NoticeText(subject, "\n\n".join(parts) + "\n")


def _opening(rung: Rung, previous: Sequence[PreviousNotice]) -> str:
    if any(one.answer is Answer.REMOVED for one in previous):
        return "returned"
    first = not previous and rung not in (Rung.PLATFORM, Rung.PLATFORM_FINAL)
    return f"{rung.value}_first" if first else rung.value


def packet_words(language: str) -> dict[str, str]:
    """The words on a packet for a regulator: its labels, and the rungs."""
    texts = _texts(language)
    return {**texts["packet"], **{f"rung_{rung}": words for rung, words in texts["rungs"].items()}}


def element_words(law: Law, element: Element, draft: NoticeDraft, language: str) -> str:
    """The sentence by which a notice gives one element of one law."""
    values = {"contact_email": draft.contact_email, "organisation": draft.organisation}
    return _element(_texts(language), law, element, values)


@functools.cache
def _texts(language: str) -> Texts:
    if language not in LANGUAGES:
        raise NoticeRefused(f"no notice texts in {language!r}: use one of {', '.join(LANGUAGES)}")
    return tomllib.loads((TEXTS / f"{language}.toml").read_text("utf-8"))


def _filled(texts: Texts, text: str, values: Mapping[str, str]) -> str:
    """Fill in the values and wrap each line; an address or a law's number is never broken."""
    width = texts["wrap_characters"]
    lines = text.strip().format_map(values).splitlines()
    return "\n".join(_wrapped(line, width) for line in lines)


@functools.lru_cache(maxsize=4_096)
def _wrapped(line: str, width: int) -> str:
    """Nearly all lines of a notice stand in the next one too, and wrapping is most of the work of writing it."""
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)


def _section(heading: str, text: str) -> str:
    return f"{heading}\n\n{text}"


def _locations_block(texts: Texts, locations: Iterable[str]) -> str:
    return "\n".join([_filled(texts, texts["locations"], {}), "", LOCATIONS_BEGIN, *locations, LOCATIONS_END])


def _law_words(texts: Texts, law: Law) -> dict[str, Any]:
    """The wording of a law; one that a centre added without wording of its own gets the general one."""
    words = dict(texts["laws"].get(law.id) or texts["laws"]["generic"])
    values = {"citation": law.citation, "title": law.title}
    return {"name": words["name"].format_map(values), "demand": words["demand"].format_map(values)} | {
        "elements": words["elements"]
    }


def _element(texts: Texts, law: Law, element: Element, values: Mapping[str, str]) -> str:
    own = _law_words(texts, law)["elements"].get(element.value)
    return _filled(texts, own or texts["elements"][element.value], values)


def _law_section(texts: Texts, law: Law, number: int, values: Mapping[str, str]) -> str:
    words = _law_words(texts, law)
    heading = texts["heading_law"].format(number=number, name=words["name"])
    in_order = sorted(law.elements, key=lambda one: _place(words["elements"], one))
    elements = "\n".join(_element(texts, law, one, values) for one in in_order)
    demand = _filled(texts, words["demand"], {})
    return f"{_section(heading, demand)}\n\n{elements}"


def _place(wording: Iterable[str], element: Element) -> tuple[int, int]:
    """The order of the law's own wording, as (i) before (ii); what has no wording of its own comes last."""
    own = list(wording)
    return (own.index(element.value) if element.value in own else len(own), list(Element).index(element))


def _before(texts: Texts, previous: Iterable[PreviousNotice]) -> list[str]:
    lines = [_before_line(texts, one) for one in previous]
    return [_section(texts["heading_before"], "\n\n".join(lines))] if lines else []


def _before_line(texts: Texts, one: PreviousNotice) -> str:
    words = texts["before"]
    names = "; ".join(_law_words(texts, law)["name"] for law in one.laws)
    line = words["line"].format(
        sent_at=_time(one.sent_at),
        rung=texts["rungs"][one.rung.value],
        addressee=one.addressee,
        laws=words["laws"].format(names=names) if names else "",
    )
    facts = [line]
    if one.received_at is not None:
        facts.append(words["received"].format(received_at=_time(one.received_at)))
    if one.deadline_at is not None:
        facts.append(words["due"].format(deadline_at=_time(one.deadline_at)))
    return textwrap.fill(" ".join([*facts, words[one.answer.value]]), texts["wrap_characters"])


def _time(at: datetime) -> str:
    if at.tzinfo is None:
        raise NoticeRefused("a time of the record has no time zone: pass aware times")
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _nature_of(statement_text: str) -> Nature:
    for language in LANGUAGES:
        for nature in Nature:
            if statement(nature, language) == statement_text:
                return nature
    raise NoticeRefused(
        "statement: only the fixed wording may be sent: take it from texts.statement(nature, language)"
    )


def _check_draft(
    draft: NoticeDraft, laws: ChosenLaws, rung: Rung, previous: Sequence[PreviousNotice]
) -> None:
    missing = missing_elements(draft, laws)
    if missing:
        raise NoticeRefused(missing_words(missing))
    if not (draft.representative and draft.good_faith and draft.locations):
        cure = "record the authority to act for the person, the good faith and at least one location"
        raise NoticeRefused(f"the sender's authority, good faith or locations are missing: {cure}")
    if not _REFERENCE.fullmatch(draft.reference):
        raise NoticeRefused(
            "reference: use 1 to 64 letters, digits and hyphens, saying nothing about a person"
        )
    if not ADDRESS.fullmatch(draft.contact_email):
        raise NoticeRefused("contact_email: give one plain address of the organisation")
    _check_line("organisation", draft.organisation)
    _check_line("signatory", draft.signatory)
    for number, location in enumerate(draft.locations, start=1):
        _check_location(number, location)
    for one in previous:
        _check_line("addressee", one.addressee)
    if rung is Rung.PLATFORM_FINAL and not any(_is_first_notice(one) for one in previous):
        raise NoticeRefused(
            "previous: the second notice to a platform needs the first, with its receipt and deadline"
        )


def missing_words(missing: Sequence[Element]) -> str:
    """One question about all that is missing, and where each is set."""
    where = dict.fromkeys(_SET_IN.get(element, "the item") for element in missing)
    return f"missing: {'; '.join(element.words for element in missing)}: set {', '.join(where)}"


def _is_first_notice(one: PreviousNotice) -> bool:
    """Whether the platform had its first chance: by a first notice, or by a removal that did not last."""
    dated = one.received_at is not None and one.deadline_at is not None
    told = one.rung is Rung.PLATFORM and (dated or one.answer is Answer.UNDELIVERABLE)
    return told or one.answer is Answer.REMOVED


def _check_line(part: str, text: str) -> None:
    if not text.strip() or not text.isprintable() or len(text) > NAME_CHARACTERS_MAX:
        raise NoticeRefused(f"{part}: must be one line of 1 to {NAME_CHARACTERS_MAX} printable characters")


def _check_location(number: int, location: str) -> None:
    """A location stands alone on its line, so it holds no space and no line break of any kind."""
    fine = location.isprintable() and not any(character.isspace() for character in location)
    if not fine or "://" not in location or len(location) > LOCATION_CHARACTERS_MAX:
        raise NoticeRefused(
            f"location {number}: must be one normalised URL of at most {LOCATION_CHARACTERS_MAX} characters "
            "without spaces, line breaks or control characters"
        )
