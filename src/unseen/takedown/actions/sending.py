"""Writes around a send: sending, and then sent with proof, failed, or looked up after a crash."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from unseen.accounts.models import Staff
from unseen.casework.actions import Stale, make_due, store
from unseen.casework.models import Item
from unseen.domain import item as rules
from unseen.domain.batch import difference
from unseen.domain.item import NoticeState, Stage
from unseen.domain.limits import DELIVERY_RETRY_AFTER, LOOK_UP_AFTER, NOT_LOADED_MAX
from unseen.domain.notice import Rung
from unseen.domain.schedule import deadline_for
from unseen.evidence.actions import keep
from unseen.evidence.models import Exhibit
from unseen.intake.models import Report
from unseen.journal import actions as journal
from unseen.leases import let_go
from unseen.takedown import queries
from unseen.takedown.actions import batches
from unseen.takedown.channels.envelope import (
    CannotTell,
    Delivered,
    LookUpResult,
    NotDelivered,
    NotThere,
    SendResult,
    Unclear,
)
from unseen.takedown.compose import locations_of
from unseen.takedown.directory.party import ChannelKind
from unseen.takedown.models import NOT_LOADED, SAID_BY_STAFF, Attempt, Notice


def begin_sending(notice: Notice, now: datetime) -> bool:
    """Mark that a send starts, unless the person withdrew or another worker has it (promises 2 and 10).

    Others that wait for the same addressee may join it.
    """
    with transaction.atomic():
        # A withdrawal that comes now waits until we have begun, or we for it: then it has stopped us.
        report = Report.objects.select_for_update(no_key=True).get(case__items=notice.item_id)
        tries = notice.tries
        notice.refresh_from_db()
        if notice.state != NoticeState.READY or notice.tries != tries or notice.carrier_id is not None:
            return False
        named = batches.everyone(notice)[1:]
        others = batches.members(notice)[1:] or batches.companions(notice)
        stopped = _stopped([notice, *others], report)
        for one in stopped:
            stop(one, now)
        going = [one for one in others if one not in stopped]
        if notice in stopped:
            batches.release(going, now)
            return False
        if not batches.bind(notice, going, named, now):
            batches.release(going, now)
            if batches.carries(notice):  # its text names what must not be sent any more
                mark_failed(notice, "its text cannot be written again without those that left", now)
                return False
        going_now = batches.members(notice)
        batches.remember(notice, going_now)
        for one in going_now:
            _begin_one(one, notice, now)
    return True


def give_back(notices: Sequence[Notice]) -> None:
    """They were not begun: they are as due as they were, and free."""
    let_go(Notice.objects.all(), notices)


def _stopped(notices: Sequence[Notice], report: Report) -> list[Notice]:
    """Those whose item is closed or whose person said stop."""
    over = of_closed_items(notices)
    return [one for one in notices if report.withdrawn_at or one in over]


def of_closed_items(notices: Sequence[Notice]) -> list[Notice]:
    """Those whose item is closed or was withdrawn. Locks the items, all in one order."""
    pks = [one.item_id for one in notices]
    items = Item.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    rows = items.values_list("pk", "stage", "withdrawn_at")
    over = {pk for pk, stage, withdrawn_at in rows if stage == Stage.CLOSED or withdrawn_at}
    return [one for one in notices if one.item_id in over]


def stop(notice: Notice, now: datetime) -> None:
    """It never goes out: its person said stop, or its item was closed."""
    Notice.objects.filter(pk=notice.pk, state=NoticeState.READY).update(
        state=NoticeState.FAILED, due_at=None, lease_by="", lease_until=None, carrier=None
    )
    journal.write("notice:send:stopped", journal.about("notice", notice.pk), now, item=notice.item_id)


def _begin_one(one: Notice, carrier: Notice, now: datetime) -> None:
    """Only the carrier is looked up after a crash: the others share its fate."""
    due_at = look_up_at(now) if one.pk == carrier.pk else None
    tries = one.tries + 1
    Notice.objects.filter(pk=one.pk).update(state=NoticeState.SENDING, tries=tries, due_at=due_at)
    if one.pk == carrier.pk:
        carrier.state, carrier.tries, carrier.due_at = NoticeState.SENDING, tries, due_at
    Attempt.objects.create(notice=one, number=tries, began_at=now)


def look_up_at(began_at: datetime) -> datetime:
    """If this worker dies, the other side gets a minute to finish what is on the line before it is looked up."""
    return began_at + LOOK_UP_AFTER


def finish_sending(notice: Notice, result: SendResult, now: datetime) -> None:
    """Store what the channel answered."""
    match result:
        case Delivered(proof=proof, loaded=loaded):
            _delivered(notice, proof, now, now, loaded)
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
        case Delivered(proof=proof, loaded=loaded):
            began_at = Attempt.objects.get(notice=notice, number=notice.tries).began_at
            _delivered(notice, proof, began_at, now, loaded)
        case NotThere():
            _send_again(notice, now)
        case CannotTell(why=why):
            _uncertain(notice, why, now)


def say_what_happened(
    notice: Notice, *, went_out: bool, staff: Staff, now: datetime, confirmation: str = ""
) -> None:
    """A person decides about an uncertain notice, and about all that went with it. Raises Stale when it is not uncertain.

    `confirmation`: what the other side showed that person, as a number.
    """
    notice = notice.carrier or notice
    with transaction.atomic():
        together = locked(notice)
        notice.refresh_from_db()
        if notice.state != NoticeState.UNCERTAIN:
            raise Stale(f"notice {notice.pk} is {notice.state}: nobody has to say what happened to it")
        said = f"{SAID_BY_STAFF}{staff.pk} says that it was {'' if went_out else 'not '}sent"
        if went_out:
            shown = f"; the other side confirmed: {confirmation}" if confirmation else ""
            _delivered(notice, said + shown, now, now)
        elif notice.channel == ChannelKind.FORM:  # only a person can send a form, and could not
            mark_failed(notice, said, now)
        else:
            _later(notice, NoticeState.READY, now, "a person says that it did not go out", now)
        for one in together:
            item = Item.objects.get(pk=one.item_id)
            before = queries.facts_of(item)
            after = rules.questioned(before, "")
            store(
                item,
                before,
                after,
                tag="item:question:answered",
                rule="a person decided",
                due_at=now,
                now=now,
            )


def say_what_was_loaded(notice: Notice, loaded: Sequence[str], now: datetime) -> list[Notice]:
    """The addressee told a person which locations it took up. What is missing goes again; those notices are returned.

    Raises Stale for a notice that was not delivered: it has no list to compare.
    """
    notice = notice.carrier or notice
    with transaction.atomic():
        together = lock_all(notice)
        sent = [one for one in together if one.state == NoticeState.SENT]
        if not sent:
            raise Stale(f"notice {notice.pk} was not delivered: there is no list to compare")
        missing = [one for one in sent if _is_missing(one, loaded)]
        keep("loaded locations", "\n".join(loaded), notice.report_key, now)
        journal.write(
            "notice:list:compared",
            journal.about("notice", notice.pk),
            now,
            item=notice.item_id,
            sent=len(sent),
            missing=len(missing),
        )
        for one in missing:
            _not_loaded(one, now)
    return missing


def locked(notice: Notice) -> list[Notice]:
    """The notice as it was read and who travels with it, their items locked and fresh."""
    return [one for one in lock_all(notice) if one.state == notice.state]


def lock_all(notice: Notice) -> list[Notice]:
    """The same with all that its last text named, wherever each stands now."""
    return lock_items(batches.everyone(notice))


def lock_items(together: list[Notice]) -> list[Notice]:
    """The notices with their items locked and fresh. One lock order for everybody."""
    pks = [one.item_id for one in together]
    items = Item.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").in_bulk()
    for one in together:
        one.item = items[one.item_id]
    return together


def _is_missing(notice: Notice, loaded: Sequence[str]) -> bool:
    return bool(difference(locations_of(notice.item), loaded).missing)


def _delivered(
    notice: Notice, proof: str, received_at: datetime, now: datetime, loaded: Sequence[str] | None = None
) -> None:
    """They have it, and all that it carries; but for what they say they did not load."""
    with transaction.atomic():
        together = locked(notice)
        exhibit = keep("delivery", proof, notice.report_key, now)
        for one in together:
            if loaded is not None and _is_missing(one, loaded):
                went = _not_loaded(one, now)
            else:
                went = _delivered_one(one, exhibit, received_at, now)
            if one is notice and not went:
                return


def _delivered_one(notice: Notice, proof: Exhibit, received_at: datetime, now: datetime) -> bool:
    if not _change(notice, NoticeState.SENT, None, **receipt_of(notice, proof, received_at)):
        return False
    _end_attempt(notice, "delivered", now)
    item = notice.item
    if item.stage == Stage.NOTICE:
        before, facts = queries.facts_of(item), told_of(notice)
        after, rule = rules.noticed(before), "delivery is proven"
        store(item, before, after, tag="item:notice:delivered", rule=rule, due_at=now, now=now, **facts)
    else:
        tell_of_delivery(notice, now)
    return True


def receipt_of(notice: Notice, proof: Exhibit, received_at: datetime) -> dict[str, object]:
    """What a notice knows once it was received: its deadline is the one in force at that moment (promise 8)."""
    rule_of_rung = queries.directory().rule(Rung(notice.rung))
    deadline = deadline_for(queries.primary_law(notice), received_at, rule_of_rung)
    return {
        "received_at": received_at,
        "deadline_at": deadline.at,
        "deadline_is_statutory": deadline.statutory,
        "deadline_law": deadline.law_id,
        "deadline_law_version": deadline.law_version,
        "deadline_ladder_version": deadline.ladder_version,
        "proof": proof,
    }


def told_of(notice: Notice) -> dict[str, object]:
    """What the journal says of a delivered notice."""
    assert notice.deadline_at is not None
    assert notice.received_at is not None
    return {
        "notice": notice.pk,
        "rung": notice.rung,
        "channel": notice.channel,
        "deadline_at": notice.deadline_at,
        "law": f"{notice.deadline_law} {notice.deadline_law_version}",
        "hours": round((notice.deadline_at - notice.received_at) / timedelta(hours=1)),
        "statutory": notice.deadline_is_statutory,
        "ladder": notice.deadline_ladder_version,
    }


def tell_of_delivery(notice: Notice, now: datetime) -> None:
    """It was received when its item had gone on already."""
    subject = journal.about("notice", notice.pk)
    journal.write("notice:send:delivered", subject, now, item=notice.item_id, **told_of(notice))


def _not_loaded(notice: Notice, now: datetime) -> bool:
    """They took it over and did not take it up: it never reached their list, so it goes again under a new id."""
    before = Attempt.objects.filter(notice=notice, result=NOT_LOADED).count()
    if before >= NOT_LOADED_MAX:
        mark_failed(notice, "they took it over each time, and never loaded it", now)
        return True
    pause = DELIVERY_RETRY_AFTER[min(before, len(DELIVERY_RETRY_AFTER) - 1)]
    again: dict[str, object] = {
        "carrier": None,
        "edition": notice.edition + 1,
        "received_at": None,
        "deadline_at": None,
        "proof": None,
    }
    if not _change(notice, NoticeState.READY, now + pause, **again):
        return False
    _end_attempt(notice, NOT_LOADED, now)
    make_due(notice.item_id, now)
    journal.write(
        "notice:list:missing", journal.about("notice", notice.pk), now, item=notice.item_id, times=before + 1
    )
    return True


def _not_delivered(notice: Notice, why: str, *, permanent: bool, now: datetime) -> None:
    if not permanent and notice.tries <= len(DELIVERY_RETRY_AFTER):
        pause: timedelta = DELIVERY_RETRY_AFTER[notice.tries - 1]
        _later(notice, NoticeState.READY, now + pause, "failed for now", now)
        return
    with transaction.atomic():
        for one in locked(notice):
            mark_failed(one, why, now)


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
    keep("delivery failure", why, notice.report_key, now)
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
        for one in locked(notice):
            make_due(one.item_id, now)
        keep("look-up", why, notice.report_key, now)
        _later(notice, NoticeState.UNCERTAIN, None, "uncertain", now)


def _later(notice: Notice, state: NoticeState, due_at: datetime | None, result: str, now: datetime) -> None:
    """It is not over: the carrier has the due time, what it carries waits with it."""
    with transaction.atomic():
        together = batches.members(notice)[1:]
        if not _change(notice, state, due_at):
            return
        for one in together:
            _change(one, state, None)
        for one in (notice, *together):
            _end_attempt(one, result, now)
        tag = "notice:send:interrupted" if state is not NoticeState.UNCERTAIN else "notice:send:doubted"
        for one in (notice, *together):
            journal.write(tag, journal.about("notice", one.pk), now, item=one.item_id, result=result)


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
