"""From an item and a rung to a notice in words: addressee, laws, text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unseen.casework.models import Item
from unseen.config.options import Options
from unseen.domain.item import NoticeState
from unseen.domain.limits import RETURNS_TOLD_MAX
from unseen.domain.notice import ChosenLaws, Element, NoticeDraft, Rung, choose_laws
from unseen.domain.schedule import deadline_for
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.party import Addressee
from unseen.takedown.models import Notice
from unseen.takedown.queries import in_order, known_laws, that_worked
from unseen.takedown.routes import Reading
from unseen.takedown.texts import (
    Answer,
    Nature,
    NoticeText,
    PreviousNotice,
    plain_deadline,
    statement,
    write_notice,
)


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice that is ready to be stored."""

    addressee: Addressee
    laws: ChosenLaws
    text: NoticeText
    particulars: dict[str, Any]


def compose(
    item: Item,
    rung: Rung,
    addressee: Addressee,
    directory: Directory,
    options: Options,
    now: datetime,
    others: Sequence[Item] = (),
    notices: Sequence[Notice] | None = None,
    reading: Reading | None = None,
) -> Composed:
    """Write the notice; `others` are items of the same case that it names as well, `notices` all those of the item, where
    they were read already, and `reading` what was read about its addressee.

    Raises NoUsableLaw or NoticeRefused, whose message is fit for a person.
    """
    known = [directory.law(law_id) for law_id in addressee.laws]
    laws = choose_laws(
        known, now.date(), (reading or Reading()).law_records(addressee.party_key), first=addressee.first_law
    )
    draft = NoticeDraft(
        reference=item.reference,
        organisation=options.organisation,
        contact_email=options.organisation_email,
        signatory=_signatory(laws, options),
        representative=True,
        good_faith=True,
        statement=statement(Nature.UNKNOWN, addressee.language),
        locations=tuple(place for one in (item, *others) for place in locations_of(one)),
    )
    deadline = deadline_for(laws.primary, now, directory.rule(rung))
    words = plain_deadline(deadline.hours, statutory=deadline.statutory, language=addressee.language)
    before = record_of(item, directory, notices)
    verify = f"{options.public_address}/verify" if options.public_address else ""
    text = write_notice(
        draft, laws, rung, addressee.language, before, words, items=1 + len(others), verify=verify
    )
    particulars = {"items": 1 + len(others), **_particulars(laws, before)}
    return Composed(addressee, laws, text, particulars)


def _signatory(laws: ChosenLaws, options: Options) -> str:
    """A member of staff is named only where a law of the notice asks for a signature."""
    signed = any(Element.SIGNATURE in law.elements for law in laws)
    return options.signatory if signed else options.organisation


def _particulars(laws: ChosenLaws, before: Sequence[PreviousNotice]) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "laws": [
            {
                "id": law.id,
                "version": law.version,
                "citation": law.citation,
                "hours": law.hours,
                "statutory": law.statutory,
            }
            for law in laws
        ],
        "record": [
            {
                "rung": one.rung.value,
                "addressee": one.addressee,
                "sent_at": one.sent_at.isoformat(),
                "received_at": one.received_at.isoformat() if one.received_at else None,
                "deadline_at": one.deadline_at.isoformat() if one.deadline_at else None,
                "answer": one.answer.value,
                "laws": [law.id for law in one.laws],
            }
            for one in before
        ],
    }


def locations_of(item: Item) -> tuple[str, ...]:
    """The page and the medium on it: the exact addresses that a notice must name."""
    return tuple(place for place in (item.location, item.media_location) if place)


def record_of(
    item: Item, directory: Directory, known: Sequence[Notice] | None = None
) -> list[PreviousNotice]:
    """What was done before: the latest notices that were followed by a removal, and all of this round.

    A notice that waits to be sent was not done yet.
    """
    everything = in_order(Notice.objects.filter(item=item) if known is None else known)
    ended = that_worked([one for one in everything if one.round < item.round])[-RETURNS_TOLD_MAX:]
    here = [one for one in everything if one.round == item.round and one.state != NoticeState.READY]
    return [
        *(_told(one, Answer.REMOVED, directory) for one in ended),
        *(_told(one, _answer(one), directory) for one in here),
    ]


def _told(notice: Notice, answer: Answer, directory: Directory) -> PreviousNotice:
    return PreviousNotice(
        Rung(notice.rung),
        _name_of(notice, directory),
        notice.made_at,
        notice.received_at,
        notice.deadline_at,
        answer,
        known_laws(notice, directory),
    )


def _name_of(notice: Notice, directory: Directory) -> str:
    """The addressee's name; where its file is gone since, its key."""
    party = directory.parties.get(notice.addressee)
    return party.name if party is not None else notice.addressee


def _answer(notice: Notice) -> Answer:
    if notice.state == NoticeState.FAILED:
        return Answer.UNDELIVERABLE
    if notice.refused_at is not None:
        return Answer.REFUSED
    if notice.says_removed_at is not None:
        return Answer.SAYS_REMOVED
    acknowledged = notice.replies.filter(kind__in=("acknowledged", "auto_reply")).exists()
    return Answer.ACKNOWLEDGED if acknowledged else Answer.NONE
