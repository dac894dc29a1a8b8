"""What the engine dated while the machine's clock ran ahead: brought back to now, once, when the clock is right again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from unseen import leases
from unseen.casework import actions as casework
from unseen.casework import desk_actions as desk
from unseen.discovery import actions as discovery
from unseen.domain.item import NoticeState
from unseen.domain.limits import DELIVERY_RETRY_AFTER, LOOK_UP_AFTER
from unseen.intake import actions as intake
from unseen.journal import actions as journal
from unseen.takedown.models import Attempt, Notice


def bring_back(leased: Iterable[type[leases.Leased]], now: datetime) -> int:
    """Nothing has happened later than now, nothing is due later than a rule can ask from now on, no lease is longer than one.

    A deadline moves with the receipt that starts it: the addressee keeps its hours. Returns how many rows were changed.
    """
    with transaction.atomic():
        journal.one_at_a_time()
        leases.shorten(leased, now)
        changed = intake.date_back(now) + casework.date_back(now) + discovery.date_back(now) + _notices(now)
        changed += desk.date_back(now)
        journal.write("clock:machine:turned_back", journal.about("clock", "machine"), now, changed=changed)
    return changed


def _notices(now: datetime) -> int:
    Attempt.objects.filter(began_at__gt=now, ended_at__isnull=True).update(began_at=now)
    for name in ("refused_at", "says_removed_at"):
        Notice.objects.filter(**{f"{name}__gt": now}).update(**{name: now})
    waits = {NoticeState.READY: max(DELIVERY_RETRY_AFTER), NoticeState.SENDING: LOOK_UP_AFTER}
    for state, most in waits.items():
        Notice.objects.filter(state=state, due_at__gt=now + most).update(due_at=now + most)
    received = Notice.objects.filter(received_at__gt=now, deadline_at__isnull=False)
    changed = 0
    for notice in received.only("received_at", "deadline_at").iterator(chunk_size=2_000):
        assert notice.received_at is not None
        assert notice.deadline_at is not None
        moved = notice.deadline_at - (notice.received_at - now)
        changed += Notice.objects.filter(pk=notice.pk).update(received_at=now, deadline_at=moved)
    return changed
