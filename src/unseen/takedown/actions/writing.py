"""A notice that is made: its row, and what a channel carries of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from unseen.casework.actions import Told
from unseen.domain import item as rules
from unseen.domain.item import NoticeState
from unseen.domain.limits import GATHER_FOR
from unseen.domain.schedule import SendNotice
from unseen.takedown import queries
from unseen.takedown.actions import batches
from unseen.takedown.actions.steps import Plan
from unseen.takedown.channels.envelope import Envelope
from unseen.takedown.compose import Composed, locations_of
from unseen.takedown.directory.party import ChannelKind
from unseen.takedown.models import Notice

_AT_ONCE = timedelta()


def make_notice(plan: Plan, step: SendNotice, composed: Composed, now: datetime) -> Notice:
    """A notice that is ready to go, as the next step of a plan."""
    by_form = composed.addressee.channel_kind is ChannelKind.FORM
    before = plan.after
    # Whatever kept us from writing is over: an old question would hide the next one.
    question = "Please send the prepared notice by the form, and say when it is sent." if by_form else ""
    notice = Notice(
        item=plan.item,
        round=before.round,
        rung=step.rung,
        addressee=composed.addressee.party_key,
        channel=composed.addressee.channel_kind,
        to=composed.addressee.address_or_endpoint,
        laws=[law.id for law in composed.laws],
        language=composed.addressee.language,
        subject=composed.text.subject,
        body=composed.text.body,
        particulars=composed.particulars,
        state=NoticeState.UNCERTAIN if by_form else NoticeState.READY,
        made_at=now,
        due_at=None if by_form else now + (GATHER_FOR if composed.addressee.limits.several else _AT_ONCE),
    )
    plan.notices.append(notice)
    data = {
        "notice": notice.pk,
        "rung": step.rung,
        "addressee": notice.addressee,
        "laws": notice.laws,
    }
    after = rules.questioned(rules.escalated(before), question)
    after = replace(after, notices=(*after.notices, notice.facts()))
    plan.told.append(Told("item:notice:made", step.rule, after, data))
    return notice


def envelope_of(notice: Notice) -> Envelope:
    """The notice as a channel carries it."""
    return Envelope(
        key=notice.key,
        reference=notice.item.reference,
        to=notice.to,
        subject=notice.subject,
        body=notice.body,
        laws=tuple(notice.laws),
        locations=tuple(place for one in batches.members(notice) for place in locations_of(one.item)),
        made_at=notice.made_at,
        language=notice.language,
        addressee=notice.addressee,
        limits=queries.limits_of(notice),
        particulars=notice.particulars,
    )
