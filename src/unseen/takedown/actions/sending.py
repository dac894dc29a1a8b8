"""Writes around a send: ready, sending, and then sent with proof, failed, or looked up after a crash."""

from datetime import datetime, timedelta

from django.db import transaction

from unseen.accounts.models import Staff
from unseen.casework.actions import Stale, make_due, store
from unseen.casework.models import Item
from unseen.domain import item as rules
from unseen.domain.item import ItemFacts, NoticeState, Stage
from unseen.domain.limits import DELIVERY_RETRY_AFTER, LOOK_UP_AFTER
from unseen.domain.notice import Rung
from unseen.domain.schedule import SendNotice, deadline_for
from unseen.evidence.actions import keep
from unseen.intake.models import Report
from unseen.journal import actions as journal
from unseen.takedown import queries
from unseen.takedown.channels.envelope import (
    CannotTell,
    Delivered,
    Envelope,
    LookUpResult,
    NotDelivered,
    NotThere,
    SendResult,
    Unclear,
)
from unseen.takedown.compose import Composed, locations_of
from unseen.takedown.directory.party import ChannelKind
from unseen.takedown.models import Attempt, Notice


def make_notice(item: Item, before: ItemFacts, step: SendNotice, composed: Composed, now: datetime) -> Notice:
    """Store a notice that is ready to go, with the item's move, in one transaction. Raises Stale."""
    by_form = composed.addressee.channel_kind is ChannelKind.FORM
    # Whatever kept us from writing is over: an old question would hide the next one.
    question = "Please send the prepared notice by the form, and say when it is sent." if by_form else ""
    after = rules.questioned(rules.escalated(before), question)
    with transaction.atomic():
        Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        if Notice.objects.filter(item=item, round=before.round).count() != len(before.notices):
            raise Stale(f"another worker wrote to the {step.rung} of item {item.pk}")
        notice = Notice.objects.create(
            item=item,
            round=before.round,
            rung=step.rung,
            addressee=composed.addressee.party_key,
            channel=composed.addressee.channel_kind,
            to=composed.addressee.address_or_endpoint,
            laws=[law.id for law in composed.laws],
            language=composed.addressee.language,
            subject=composed.text.subject,
            body=composed.text.body,
            state=NoticeState.UNCERTAIN if by_form else NoticeState.READY,
            made_at=now,
            due_at=None if by_form else now,
        )
        store(
            item,
            before,
            after,
            tag="item:notice:made",
            rule=step.rule,
            due_at=now,
            now=now,
            notice=notice.pk,
            rung=step.rung,
            addressee=notice.addressee,
            laws=notice.laws,
        )
    return notice


def lock_item(notice: Notice) -> Item:
    """The notice's item as it is now, for the rest of this transaction.

    One lock order for everybody: report, case, item, notice, journal. The key stays free: other rows that point to
    the item lock it at their commit, when they hold the journal.
    """
    return Item.objects.select_for_update(no_key=True).get(pk=notice.item_id)


def envelope_of(notice: Notice) -> Envelope:
    """The notice as a channel carries it."""
    return Envelope(
        key=str(notice.pk),
        reference=notice.item.reference,
        to=notice.to,
        subject=notice.subject,
        body=notice.body,
        laws=tuple(notice.laws),
        locations=locations_of(notice.item),
        made_at=notice.made_at,
        language=notice.language,
    )


def begin_sending(notice: Notice, now: datetime) -> bool:
    """Mark that a send starts, unless the person withdrew or another worker has it (promises 2 and 10).

    If this worker dies, the other side gets a minute to finish what is on the line before it is looked up.
    """
    with transaction.atomic():
        # A withdrawal that comes now waits until we have begun, or we for it: then it has stopped us.
        report = Report.objects.select_for_update(no_key=True).get(case__items=notice.item_id)
        item = lock_item(notice)
        stopped = item.stage == Stage.CLOSED or item.withdrawn_at or report.withdrawn_at
        if stopped:
            Notice.objects.filter(pk=notice.pk, state=NoticeState.READY).update(
                state=NoticeState.FAILED, due_at=None, lease_by="", lease_until=None
            )
            journal.write("notice:send:stopped", journal.about("notice", notice.pk), now, item=item.pk)
            return False
        due_at, tries = now + LOOK_UP_AFTER, notice.tries + 1
        changed = Notice.objects.filter(pk=notice.pk, state=NoticeState.READY, tries=notice.tries).update(
            state=NoticeState.SENDING, tries=tries, due_at=due_at
        )
        if not changed:
            return False
        notice.state, notice.tries, notice.due_at = NoticeState.SENDING, tries, due_at
        Attempt.objects.create(notice=notice, number=tries, began_at=now)
    return True


def finish_sending(notice: Notice, result: SendResult, now: datetime) -> None:
    """Store what the channel answered."""
    match result:
        case Delivered(proof=proof):
            _delivered(notice, proof, now, now)
        case NotDelivered(ours=True):
            _wait_for_our_relay(notice, now)
        case NotDelivered(why=why, permanent=permanent):
            _not_delivered(notice, why, permanent=permanent, now=now)
        case Unclear():
            _later(notice, NoticeState.SENDING, now + LOOK_UP_AFTER, "unclear", now)


def finish_look_up(notice: Notice, result: LookUpResult, now: datetime) -> None:
    """After a crash or a broken line: it went out, or it goes out again, or a person is asked.

    What went out was received when the try began, not when we looked it up: the clock of the law runs since then.
    """
    match result:
        case Delivered(proof=proof):
            began_at = Attempt.objects.get(notice=notice, number=notice.tries).began_at
            _delivered(notice, proof, began_at, now)
        case NotThere():
            _send_again(notice, now)
        case CannotTell(why=why):
            _uncertain(notice, why, now)


def say_what_happened(notice: Notice, *, went_out: bool, staff: Staff, now: datetime) -> None:
    """A person decides about an uncertain notice. Raises Stale when it is not uncertain any more."""
    with transaction.atomic():
        item = lock_item(notice)
        notice.refresh_from_db()
        if notice.state != NoticeState.UNCERTAIN:
            raise Stale(f"notice {notice.pk} is {notice.state}: nobody has to say what happened to it")
        said = f"staff {staff.pk} says that it was {'' if went_out else 'not '}sent"
        if went_out:
            _delivered(notice, said, now, now)
        elif notice.channel == ChannelKind.FORM:  # only a person can send a form, and could not
            mark_failed(notice, said, now)
        else:
            _later(notice, NoticeState.READY, now, "a person says that it did not go out", now)
        item.refresh_from_db()
        before = queries.facts_of(item)
        after = rules.questioned(before, "")
        store(item, before, after, tag="item:question:answered", rule="a person decided", due_at=now, now=now)


def _delivered(notice: Notice, proof: str, received_at: datetime, now: datetime) -> None:
    hours_max = queries.directory().answer_hours_max(Rung(notice.rung))
    deadline = deadline_for(queries.primary_law(notice), received_at, hours_max)
    with transaction.atomic():
        item = lock_item(notice)
        known: dict[str, object] = {
            "received_at": received_at,
            "deadline_at": deadline.at,
            "deadline_is_statutory": deadline.statutory,
            "deadline_law": deadline.law_id,
            "deadline_law_version": deadline.law_version,
            "proof": keep("delivery", proof, now),
        }
        if not _change(notice, NoticeState.SENT, None, **known):
            return
        _end_attempt(notice, "delivered", now)
        facts = {
            "notice": notice.pk,
            "rung": notice.rung,
            "channel": notice.channel,
            "deadline_at": deadline.at,
            "law": f"{deadline.law_id} {deadline.law_version}",
        }
        if item.stage == Stage.NOTICE:
            before = queries.facts_of(item)
            store(
                item,
                before,
                rules.noticed(before),
                tag="item:notice:delivered",
                rule="delivery is proven",
                due_at=now,
                now=now,
                **facts,
            )
        else:
            journal.write(
                "notice:send:delivered", journal.about("notice", notice.pk), now, item=item.pk, **facts
            )


def _not_delivered(notice: Notice, why: str, *, permanent: bool, now: datetime) -> None:
    if not permanent and notice.tries <= len(DELIVERY_RETRY_AFTER):
        pause: timedelta = DELIVERY_RETRY_AFTER[notice.tries - 1]
        _later(notice, NoticeState.READY, now + pause, "failed for now", now)
        return
    with transaction.atomic():
        lock_item(notice)
        mark_failed(notice, why, now)


def _wait_for_our_relay(notice: Notice, now: datetime) -> None:
    """Our own trouble is never held against the addressee: the notice waits and is tried until it goes out."""
    pauses = DELIVERY_RETRY_AFTER
    pause = pauses[min(notice.tries, len(pauses)) - 1]
    _later(notice, NoticeState.READY, now + pause, "our relay failed for now", now)


def _send_again(notice: Notice, now: datetime) -> None:
    """They never got it: again under the same id, at once the first time, then at the pauses of any failure."""
    if notice.tries > 1:
        _not_delivered(notice, "the line broke each time, and they never got it", permanent=False, now=now)
    else:
        _later(notice, NoticeState.READY, now, "not there: sent again under the same id", now)


def mark_failed(notice: Notice, why: str, now: datetime) -> None:
    """It was never received: the item goes on without this rung. Call it inside a transaction."""
    if not _change(notice, NoticeState.FAILED, None):
        return
    make_due(notice.item_id, now)  # rows before the journal: one lock order for everybody
    keep("delivery failure", why, now)
    Attempt.objects.filter(notice=notice, number=notice.tries, ended_at__isnull=True).update(
        ended_at=now, result="failed"
    )
    journal.write(
        "item:notice:failed",
        journal.about("item", notice.item_id),
        now,
        notice=notice.pk,
        rung=notice.rung,
    )


def _uncertain(notice: Notice, why: str, now: datetime) -> None:
    with transaction.atomic():
        make_due(notice.item_id, now)
        keep("look-up", why, now)
        _later(notice, NoticeState.UNCERTAIN, None, "uncertain", now)


def _later(notice: Notice, state: NoticeState, due_at: datetime | None, result: str, now: datetime) -> None:
    with transaction.atomic():
        if not _change(notice, state, due_at):
            return
        _end_attempt(notice, result, now)
        journal.write(
            "notice:send:interrupted" if state is not NoticeState.UNCERTAIN else "notice:send:doubted",
            journal.about("notice", notice.pk),
            now,
            item=notice.item_id,
            result=result,
        )


def _change(notice: Notice, state: NoticeState, due_at: datetime | None, **known: object) -> bool:
    """Store where the notice stands now; False if it moved on since we read it, and what we learnt is old."""
    values = {"state": state, "due_at": due_at, "lease_by": "", "lease_until": None, **known}
    as_read = Notice.objects.filter(pk=notice.pk, state=notice.state, tries=notice.tries)
    if not as_read.update(**values):
        return False
    for name, value in values.items():
        setattr(notice, name, value)
    return True


def _end_attempt(notice: Notice, result: str, now: datetime) -> None:
    Attempt.objects.filter(notice=notice, number=notice.tries).update(ended_at=now, result=result[:40])
