"""Writes of what peers say about entries, and of the disputes that come of it."""

from datetime import datetime

from django.db import transaction

from unseen.accounts.models import Staff
from unseen.domain.feed import DOUBTS, EntryState, Level, Verdict, suspends
from unseen.exchange.actions.entries import set_state
from unseen.exchange.models import Dispute, Feedback, FeedEntry, Peer
from unseen.exchange.names import CANARIES, number_of
from unseen.journal import actions as journal


class UnknownEntry(Exception):
    """No entry of this name is in the peer's list."""


class AlreadyDecided(Exception):
    """Somebody decided this dispute before; nothing was stored."""


def take(peer: Peer, name: bytes, verdict: Verdict, now: datetime) -> bool:
    """Keep what a peer says about an entry; False when it said so before. Raises UnknownEntry.

    Enough doubt suspends the entry in every list.
    """
    number = number_of(peer.secret, name)
    if number in CANARIES:
        return True  # as if it were any other: who has a canary must not learn that it is one
    with transaction.atomic():
        journal.one_at_a_time()
        entry = FeedEntry.objects.select_for_update(no_key=True).filter(pk=number or 0).first()
        if entry is None or not entry.lines.filter(peer=peer).exists():
            raise UnknownEntry("your list has no entry of this name")
        _, fresh = Feedback.objects.get_or_create(
            peer=peer, feed_entry=entry, verdict=verdict, defaults={"at": now}
        )
        if fresh:
            about = journal.about("feed_entry", entry.pk)
            journal.write("feed:feedback:given", about, now, peer=peer.pk, verdict=verdict)
            _doubt(entry, now)
    return fresh


def _doubt(entry: FeedEntry, now: datetime) -> None:
    if entry.state != EntryState.LIVE:
        return
    settled = entry.disputes.order_by("-decided_at").values_list("decided_at", flat=True).first()
    doubts = entry.feedback.filter(verdict__in=DOUBTS)
    if settled is not None:  # what a person has weighed already counts no more
        doubts = doubts.filter(at__gt=settled)
    if not suspends(Level(entry.level), doubts.values("peer").distinct().count()):
        return
    Dispute.objects.create(feed_entry=entry, opened_at=now)
    set_state([entry], EntryState.SUSPENDED)


def decide(dispute: Dispute, *, upheld: bool, staff: Staff, now: datetime) -> None:
    """A person upholds the doubt, and the entry stays suspended; or lifts it, and the entry is added again.

    Raises AlreadyDecided.
    """
    with transaction.atomic():
        journal.one_at_a_time()
        entry = FeedEntry.objects.select_for_update(no_key=True).get(pk=dispute.feed_entry_id)
        done = Dispute.objects.filter(pk=dispute.pk, decided_at__isnull=True).update(
            decided_at=now, decided_by=staff, upheld=upheld
        )
        if not done:
            raise AlreadyDecided("somebody decided this dispute before")
        if not upheld and entry.state == EntryState.SUSPENDED:
            set_state([entry], EntryState.LIVE)
        about = journal.about("feed_entry", entry.pk)
        journal.write("feed:dispute:decided", about, now, upheld=upheld, staff=staff.pk)
