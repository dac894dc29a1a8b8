"""Reads of the exchange: what is known of a material, what peers were told and what they said."""

import hashlib
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from unseen.casework.models import Item
from unseen.domain.feed import EntryState, Level, Standing
from unseen.exchange.models import FeedBatch, FeedEntry, FeedLine, Peer, Verification
from unseen.exchange.names import canary_value, marked, number_of
from unseen.feed.lines import VALUE_BYTES
from unseen.feed.merkle import Frontier
from unseen.feed.page import LINES_PER_PAGE_MAX
from unseen.intake.models import Report
from unseen.keys import queries as keys


class NoSuchLine(Exception):
    """A peer asks from a line on that its list does not have."""


def peer_with_key(key: str) -> Peer | None:
    """The peer that holds this key. A key has 256 random bits, so its plain digest may be looked up (ASVS 6.5.2)."""
    return living_peers().filter(key_digest=hashlib.sha256(key.encode()).hexdigest()).first()


def living_peers() -> QuerySet[Peer]:
    """Those whose key was not taken back. Asked at every request: a revoked key opens nothing from then on."""
    return Peer.objects.filter(revoked_at__isnull=True)


def last_change() -> int:
    """The number of the newest change of any entry."""
    return FeedEntry.objects.aggregate(last=Max("change"))["last"] or 0


def standings(report: Report) -> dict[UUID, Standing]:
    """What is known of each material of a report."""
    seen = Item.objects.filter(material__reported__report=report, matched=True)
    found = set(seen.values_list("material__reported", flat=True))
    allowed = Verification.objects.filter(material__report=report, approval__allowed=True)
    by_level: dict[int, set[UUID]] = {}
    for material, level in allowed.values_list("material", "level"):
        by_level.setdefault(level, set()).add(material)
    return {
        pk: Standing(
            found_by_us=pk in found,
            by_two_people=pk in by_level.get(Level.ORGANISATION, ()),
            by_legal_order=pk in by_level.get(Level.LEGAL_ORDER, ()),
        )
        for pk in report.materials.values_list("pk", flat=True)
    }


def reports_due() -> QuerySet[Report]:
    """Reports of which the feed does not yet say what it may; of those that are not banked yet there is nothing to say."""
    known = Q(banked_at__isnull=False) | Q(withdrawn_at__isnull=False)
    return Report.objects.filter(known, feed_due=True).order_by("pk")


def verifications_due() -> QuerySet[Verification]:
    """What two people decided and the feed does not know yet."""
    rows = Verification.objects.filter(settled_at__isnull=True, approval__decided_at__isnull=False)
    return rows.select_related("approval", "material").order_by("pk")


def peers_behind() -> QuerySet[Peer]:
    """Peers whose lists do not yet say every change: with the newest number at hand this is one look at a short table."""
    return living_peers().filter(told__lt=last_change()).order_by("pk")


def is_told(report: Report) -> bool:
    """Whether every entry of this report is withdrawn in the list of every peer."""
    rows = FeedEntry.objects.filter(material__report=report)
    if rows.exclude(state=EntryState.WITHDRAWN).exists():
        return False
    last = rows.aggregate(last=Max("change"))["last"] or 0
    return not living_peers().filter(told__lt=last).exists()


def frontier_of(peer: Peer) -> Frontier:
    """The tree over all of this peer's lines."""
    last = FeedBatch.objects.filter(peer=peer).order_by("-end").first()
    return Frontier() if last is None else _frontier(last)


def batch_after(peer: Peer, after: int) -> tuple[Frontier, int]:
    """Where the page that begins at line `after` ends, and how many lines there are in all.

    A page may hold several batches. Raises NoSuchLine.
    """
    batches = FeedBatch.objects.filter(peer=peer).order_by("-end")
    last = batches.first()
    size = last.end if last else 0
    if not 0 <= after <= size:
        raise NoSuchLine(f"this list has {size} lines: ask from one of them on, and not from {after}")
    if last is None or after == size:
        return (_frontier(last) if last else Frontier()), size
    found = batches.filter(end__gt=after, end__lte=after + LINES_PER_PAGE_MAX).first()
    if (
        found is None
    ):  # it was asked for from within a batch: that ends within a page's length of its own first line
        found = batches.filter(end__gt=after).last()
    assert found is not None, "the last batch ends after this line"
    return _frontier(found), size


def lines_of(peer: Peer, start: int, end: int) -> bytes:
    """These lines as they travel. What is withdrawn by now shows the commitment only, even while no worker runs."""
    found = FeedLine.objects.filter(peer=peer, sequence__gte=start, sequence__lt=end).order_by("sequence")
    rows = list(found.select_related("feed_entry", "bank_entry__material__report"))
    keys.warm(row.bank_entry for row in rows if row.bank_entry is not None and not _is_erased(row))
    return b"".join(_line(peer, row) for row in rows)


def _line(peer: Peer, row: FeedLine) -> bytes:
    opened = bytes(row.open)
    if not row.commitment:
        return opened + bytes(16 + VALUE_BYTES)
    if _is_erased(row):
        return opened + bytes(16) + bytes(row.commitment)
    return opened + bytes(row.salt) + _value(peer, row, opened)


def _value(peer: Peer, row: FeedLine, opened: bytes) -> bytes:
    name, part = opened[8:24], int.from_bytes(opened[30:32], "big")
    if row.bank_entry is None:
        number = number_of(peer.secret, name)
        assert number is not None, "a canary's name leads back to its number"
        return canary_value(peer.secret, number)
    return marked(peer.secret, name, part, row.bank_entry.pdq)


def _is_erased(row: FeedLine) -> bool:
    """From the moment at which the person said so."""
    entry, bank = row.feed_entry, row.bank_entry
    if not row.salt or (entry is not None and entry.state == EntryState.WITHDRAWN):
        return True
    if bank is None:
        return False
    report = bank.material.report
    return bank.removed_at is not None or report.withdrawn_at is not None or not report.may_share


def _frontier(batch: FeedBatch) -> Frontier:
    roots = bytes(batch.roots)
    return Frontier(batch.end, tuple(roots[at : at + 32] for at in range(0, len(roots), 32)))
