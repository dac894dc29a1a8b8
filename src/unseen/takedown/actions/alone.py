"""Writes around the sends of several notices that each go alone: begun together, and finished together.

What `sending` does for one notice and those that it carries, this does for many that carry none: three statements instead
of three for each. Only where the channel can be asked afterwards which of them went out, if the worker dies in between.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from unseen import bulk
from unseen.casework.actions import Change, Told, still_true, store_all
from unseen.casework.models import Item
from unseen.domain import item as rules
from unseen.domain.item import ItemFacts, NoticeState, Stage
from unseen.domain.schedule import Wait, next_step
from unseen.evidence.actions import keep_all
from unseen.evidence.models import Exhibit
from unseen.intake.models import Report
from unseen.takedown import queries
from unseen.takedown.actions import batches, sending
from unseen.takedown.channels.envelope import Delivered
from unseen.takedown.models import Attempt, Notice

_DELIVERED_COLUMNS = (
    "state", "due_at", "lease_by", "lease_until", "received_at", "deadline_at", "deadline_is_statutory", "deadline_law",
    "deadline_law_version", "deadline_ladder_version", "proof",
)  # fmt: skip


def those_alone(notices: Sequence[Notice]) -> frozenset[uuid.UUID]:
    """Which of them travel with no other. One that another worker takes along meanwhile is left out when we begin."""
    free = [one for one in notices if one.state == NoticeState.READY and one.carrier_id is None]
    alone = [one for one in free if not batches.carries(one)]
    joinable = [one for one in alone if queries.limits_of(one).several]
    waiting = batches.waiting_together(joinable)
    return frozenset(one.pk for one in alone if waiting[batches.company_of(one)] < 2)


def begin(notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """Mark that these sends start; those that are stopped, or that another worker has, are left out (promises 2 and 10)."""
    with transaction.atomic():
        # A withdrawal that comes now waits until we have begun, or we for it: then it has stopped us.
        reports = {notice.item.case.report_id for notice in notices}
        locked = Report.objects.select_for_update(no_key=True).filter(pk__in=reports).order_by("pk")
        withdrawn = {pk for pk, at in locked.values_list("pk", "withdrawn_at") if at is not None}
        stopped = {notice.pk for notice in sending.of_closed_items(notices)}
        free = _as_read(notices)
        going = []
        for notice in free:
            if notice.pk in stopped or notice.item.case.report_id in withdrawn:
                sending.stop(notice, now)
            else:
                going.append(notice)
        due_at = sending.look_up_at(now)
        rows = Notice.objects.filter(pk__in=[notice.pk for notice in going])
        rows.update(state=NoticeState.SENDING, tries=F("tries") + 1, due_at=due_at)
        for notice in going:
            notice.state, notice.tries, notice.due_at = NoticeState.SENDING, notice.tries + 1, due_at
        Attempt.objects.bulk_create(
            Attempt(notice=notice, number=notice.tries, began_at=now) for notice in going
        )
    return going


def put_off(notices: Sequence[Notice], now: datetime) -> None:
    """They were begun and nothing of them was sent: the others took too long. As if they had never been begun."""
    with transaction.atomic():
        mine = [notice.pk for notice in _as_read(notices)]
        Attempt.objects.filter(notice__in=mine, number=F("notice__tries")).delete()
        Notice.objects.filter(pk__in=mine).update(
            state=NoticeState.READY, tries=F("tries") - 1, due_at=now, lease_by="", lease_until=None
        )


def finish(sent: Sequence[tuple[Notice, Delivered]], now: datetime) -> None:
    """They have them all: each with its own proof, its deadline, and its item's move."""
    if not sent:
        return
    with transaction.atomic():
        pks = [notice.item_id for notice, _ in sent]
        items = Item.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=pks).order_by("pk")
        by_pk = items.select_related("case__report").in_bulk()
        as_read = {notice.pk for notice in _as_read([notice for notice, _ in sent])}
        arrived = [(notice, answer) for notice, answer in sent if notice.pk in as_read]
        proofs = [(answer.proof, notice.report_key) for notice, answer in arrived]
        exhibits = keep_all("delivery", proofs, now)
        for (notice, _), exhibit in zip(arrived, exhibits, strict=True):
            _deliver(notice, exhibit, now)
        delivered = [notice for notice, _ in arrived]
        bulk.change(delivered, _DELIVERED_COLUMNS)
        Attempt.objects.filter(notice__in=as_read, number=F("notice__tries")).update(
            ended_at=now, result="delivered"
        )
        _move_items(delivered, by_pk, now)


def _as_read(notices: Sequence[Notice]) -> list[Notice]:
    """Those that stand where they stood when we read them. Locks them all, in one order; their items come first."""
    rows = Notice.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in notices])
    stand = {row[0]: row[1:] for row in rows.order_by("pk").values_list("pk", "state", "tries", "carrier")}
    return [one for one in notices if stand[one.pk] == (one.state, one.tries, one.carrier_id)]


def _deliver(notice: Notice, proof: Exhibit, now: datetime) -> None:
    values = {"state": NoticeState.SENT, "due_at": None, "lease_by": "", "lease_until": None}
    for name, value in (values | sending.receipt_of(notice, proof, now)).items():
        setattr(notice, name, value)


def _move_items(delivered: Sequence[Notice], items: dict[int, Item], now: datetime) -> None:
    notices = queries.notices_by_item(items.values())
    changes = []
    for notice in delivered:
        item = items[notice.item_id]
        if item.stage != Stage.NOTICE:
            sending.tell_of_delivery(notice, now)
            continue
        before = queries.facts_from(item, notices[item.pk])
        after = rules.noticed(before)
        told = Told("item:notice:delivered", "delivery is proven", after, sending.told_of(notice))
        changes.append(Change(item, before, due_after(after, now), [told]))
    store_all(still_true(changes), now)


def due_after(facts: ItemFacts, now: datetime) -> datetime:
    """When an item with these facts wants attention: at once, unless its next step is to wait."""
    step = next_step(facts, now)
    return step.until if isinstance(step, Wait) else now
