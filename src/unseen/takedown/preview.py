"""What each addressee of an item's ladder would see, made by the code that sends. Nothing is stored and nothing goes out."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from unseen.casework.models import Item
from unseen.domain.notice import NoUsableLaw, Rung
from unseen.takedown import compose, queries
from unseen.takedown.actions.writing import envelope_of
from unseen.takedown.channels.envelope import Channel, Envelope, Part
from unseen.takedown.channels.open import open_channel
from unseen.takedown.directory.party import Addressee, ChannelKind
from unseen.takedown.models import Notice
from unseen.takedown.texts import NoticeRefused

NO_KEY = "00000000-0000-4000-8000-000000000000"  # an id is made when the notice is


@dataclass(frozen=True, slots=True)
class RungPreview:
    """One rung: to whom, how, under which laws, and every part; or why it cannot be written now."""

    rung: Rung
    addressee: str
    channel: ChannelKind
    to: str
    laws: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    state: str = ""  # of the notice, where one exists already
    trouble: str = ""


def previews_of(item: Item, now: datetime, rungs: tuple[Rung, ...] = tuple(Rung)) -> list[RungPreview]:
    """Every rung that leads to somebody, in order. Raises DirectoryError for a broken directory."""
    made = {Rung(notice.rung): notice for notice in queries.notices_of(item)}
    found = []
    for rung in rungs:
        addressee = queries.addressee_of(item, rung)
        if rung in made:
            found.append(_of_notice(made[rung]))
        elif addressee is not None:
            found.append(_of_draft(item, rung, addressee, now))
    return found


def _of_notice(notice: Notice) -> RungPreview:
    """The notice as it stands: what went out, or what waits."""
    name, kind = _name(notice.addressee), ChannelKind(notice.channel)
    parts, trouble = _seen(kind, envelope_of(notice))
    laws = tuple(law.citation for law in queries.known_laws(notice, queries.directory()))
    return RungPreview(Rung(notice.rung), name, kind, notice.to, laws, parts, notice.state, trouble)


def _of_draft(item: Item, rung: Rung, addressee: Addressee, now: datetime) -> RungPreview:
    kind, to = addressee.channel_kind, addressee.address_or_endpoint
    try:
        composed = compose.compose(item, rung, addressee, queries.directory(), settings.UNSEEN, now)
    except (NoUsableLaw, NoticeRefused) as error:
        return RungPreview(rung, addressee.name, kind, to, trouble=f"It cannot be written now: {error}")
    envelope = Envelope(
        key=NO_KEY,
        reference=item.reference,
        to=to,
        subject=composed.text.subject,
        body=composed.text.body,
        laws=tuple(law.id for law in composed.laws),
        locations=compose.locations_of(item),
        made_at=now,
        language=addressee.language,
        addressee=addressee.party_key,
        limits=addressee.limits,
        particulars=composed.particulars,
    )
    parts, trouble = _seen(kind, envelope)
    laws = tuple(law.citation for law in composed.laws)
    return RungPreview(rung, addressee.name, kind, to, laws, parts, trouble=trouble)


def _seen(kind: ChannelKind, envelope: Envelope) -> tuple[tuple[Part, ...], str]:
    if kind is ChannelKind.API and not settings.UNSEEN.vantages:
        return (), "Nothing can be sent to a notice service: set UNSEEN_VANTAGES."
    channel: Channel = open_channel(kind)
    try:
        return channel.preview(envelope).parts, ""
    except ValueError as error:  # the channel would refuse to build it
        return (), f"The channel refuses it: {error}"


def _name(party_key: str) -> str:
    party = queries.directory().parties.get(party_key)
    return party.name if party is not None else party_key
