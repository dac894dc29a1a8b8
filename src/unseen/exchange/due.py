"""Due work of the exchange: bank entries that peers do not know yet, and withdrawals that they must learn."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from unseen.domain.feed import FeedOperation, may_be_shared
from unseen.exchange import actions
from unseen.exchange.models import FeedRow
from unseen.hashbank.models import BankEntry

AT_ONCE = 500


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    new = _not_fed()
    if new:
        actions.feed(new, now)
    stale = _not_withdrawn()
    if stale:
        actions.withdraw(stale, now)
    return len(new) + len(stale)


def next_due_at() -> datetime | None:
    """Everything here is due at once or not at all."""
    return None


def _not_fed() -> list[BankEntry]:
    """Entries are fed in their own order, so only later ones are new; but for reports that may be shared since later."""
    fed = FeedRow.objects.filter(operation=FeedOperation.ADD).order_by("-bank_entry_id")
    last = fed.values_list("bank_entry_id", flat=True).first() or 0
    living = BankEntry.objects.filter(removed_at__isnull=True, material__report__may_share=True)
    living = living.select_related("material__report").order_by("pk")
    late = living.filter(pk__lte=last, material__report__shared_late=True).exclude(
        feed_rows__operation=FeedOperation.ADD
    )
    rows = [*late[:AT_ONCE], *living.filter(pk__gt=last)[:AT_ONCE]]
    return [
        row
        for row in rows
        if may_be_shared(
            quality=row.quality,
            consented=row.material.report.may_share,
            withdrawn=row.material.report.withdrawn_at is not None,
        )
    ]


def _not_withdrawn() -> list[FeedRow]:
    """Found from the removed entries: they are few, and the feed is long."""
    lines = FeedRow.objects.filter(bank_entry=OuterRef("pk"))
    added = Exists(lines.filter(operation=FeedOperation.ADD))
    told = Exists(lines.filter(operation=FeedOperation.WITHDRAW))
    removed = BankEntry.objects.filter(removed_at__isnull=False).filter(added, ~told).order_by("pk")
    # Consents that were taken back: asked from the reports, for most never gave one.
    unshared = BankEntry.objects.filter(material__report__may_share=False).filter(added, ~told).order_by("pk")
    entries = [
        *removed.values_list("pk", flat=True)[:AT_ONCE],
        *unshared.filter(removed_at__isnull=True).values_list("pk", flat=True)[:AT_ONCE],
    ]
    rows = FeedRow.objects.filter(operation=FeedOperation.ADD, bank_entry__in=entries)
    return list(rows.order_by("pk")) if entries else []
