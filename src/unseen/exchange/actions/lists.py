"""Writes of a peer's list: lines for what changed since, in an order that says nothing about what belongs together."""

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from struct import Struct

from django.db import transaction
from django.db.models import Max

from unseen.domain.feed import EntryState, Level, action_at, expires_at, is_for
from unseen.domain.limits import QUALITY_MIN
from unseen.exchange import queries
from unseen.exchange.harmless import is_degenerate, is_harmless
from unseen.exchange.models import FeedBatch, FeedEntry, FeedLine, Peer
from unseen.exchange.names import CANARIES, canary_value, marked, names_of
from unseen.feed.lines import LineKind, LineOperation, commitment_of, leaves
from unseen.feed.page import LINES_PER_PAGE_MAX
from unseen.hashbank.models import BankEntry
from unseen.journal import actions as journal
from unseen.keys import queries as keys

CHANGES_AT_ONCE = 1_000
_OPEN = Struct(">Q16s6BHII")
_SALT_BYTES = 16
_SEQUENCE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that has no number yet."""

    about: bytes  # the open part after the number
    feed_entry: int | None
    bank_entry: int | None = None
    salt: bytes = b""
    value: bytes = b""


def bring_up(peer: Peer, now: datetime) -> int:
    """Append what this peer was not told yet. Returns how many changes were taken up."""
    with transaction.atomic():
        locked = Peer.objects.select_for_update(no_key=True).get(pk=peer.pk)
        if locked.revoked_at is not None:
            return 0
        found = FeedEntry.objects.filter(change__gt=locked.told).order_by("change")
        changes = list(found.select_related("material__report", "bank_entry__material")[:CHANGES_AT_ONCE])
        if not changes:
            return 0
        drafts = [draft for group in _shuffled(_groups(locked, changes, now)) for draft in group]
        if drafts:
            size = append(locked, drafts, now)
            journal.write(
                "peer:list:grown", journal.about("peer", locked.pk), now, lines=len(drafts), size=size
            )
        Peer.objects.filter(pk=locked.pk).update(told=changes[-1].change)
    return len(changes)


def append(peer: Peer, drafts: Sequence[Draft], now: datetime) -> int:
    """Add the lines to the peer's list, whose row is locked by the caller. Returns how many it has then."""
    frontier = queries.frontier_of(peer)
    for first in range(0, len(drafts), LINES_PER_PAGE_MAX):
        batch = drafts[first : first + LINES_PER_PAGE_MAX]
        rows, raw = [], bytearray()
        for sequence, draft in enumerate(batch, start=frontier.size):
            opened = sequence.to_bytes(_SEQUENCE_BYTES, "big") + draft.about
            committed = commitment_of(draft.salt, draft.value) if draft.salt else b""
            raw += opened + (draft.salt + draft.value if draft.salt else bytes(48))
            rows.append(
                FeedLine(
                    peer=peer,
                    sequence=sequence,
                    feed_entry_id=draft.feed_entry,
                    bank_entry_id=draft.bank_entry,
                    open=opened,
                    salt=draft.salt,
                    commitment=committed,
                )
            )
        frontier = frontier.grown(leaves(bytes(raw)))
        FeedLine.objects.bulk_create(rows, batch_size=1_000)
        FeedBatch.objects.create(peer=peer, end=frontier.size, roots=b"".join(frontier.roots), at=now)
    return frontier.size


def _shuffled(groups: Iterator[list[Draft]]) -> list[list[Draft]]:
    """Lines of one entry stay in their order."""
    mixed = list(groups)
    secrets.SystemRandom().shuffle(mixed)
    return mixed


def _groups(peer: Peer, changes: Sequence[FeedEntry], now: datetime) -> Iterator[list[Draft]]:
    told = _told(peer, changes)
    keys.warm(row.bank_entry for row in changes if row.bank_entry is not None)
    names = names_of(peer.secret, [row.pk for row in changes])
    said = False
    for row, name in zip(changes, names, strict=True):
        lines = _lines(peer, row, name, told.get(row.pk))
        if lines:
            said = True
            yield lines
    if said:
        yield from _canaries(peer, now)


def _told(peer: Peer, changes: Sequence[FeedEntry]) -> dict[int, bytes]:
    """The open part of the last line about each of these entries in the peer's list."""
    own = FeedLine.objects.filter(peer=peer)
    last = own.filter(feed_entry__in=[row.pk for row in changes]).values("feed_entry")
    numbers = last.annotate(last=Max("sequence")).values_list("last", flat=True)
    rows = own.filter(sequence__in=list(numbers)).values_list("feed_entry", "open")
    return {int(entry or 0): bytes(opened) for entry, opened in rows}


def _lines(peer: Peer, row: FeedEntry, name: bytes, told: bytes | None) -> list[Draft]:
    said = LineOperation(told[_SEQUENCE_BYTES + 16]) if told else None
    if row.state == EntryState.WITHDRAWN:
        return (
            [_bare(LineOperation.WITHDRAW, name, row.pk)]
            if said not in (None, LineOperation.WITHDRAW)
            else []
        )
    if row.state == EntryState.SUSPENDED:
        return [_bare(LineOperation.SUSPEND, name, row.pk)] if said == LineOperation.ADD else []
    report = row.material.report
    if not is_for(Level(row.level), Level(peer.level_min)) or report.withdrawn_at or not report.may_share:
        return []
    lines = _film(peer, row, name) if row.bank_entry is None else [_picture(peer, row, name, row.bank_entry)]
    if said == LineOperation.ADD and told and lines and told[_SEQUENCE_BYTES:] == lines[-1].about:
        return []
    return lines


def _bare(operation: LineOperation, name: bytes, entry: int | None) -> Draft:
    return Draft(_OPEN.pack(0, name, operation, *bytes(5), 0, 0, 0)[_SEQUENCE_BYTES:], entry)


def _picture(peer: Peer, row: FeedEntry, name: bytes, bank: BankEntry) -> Draft:
    about = _about(row, name, LineKind.PDQ_IMAGE, bank.quality)
    return _filled(about, row.pk, bank.pk, marked(peer.secret, name, 0, bank.pdq))


def _film(peer: Peer, row: FeedEntry, name: bytes) -> list[Draft]:
    found = BankEntry.objects.filter(
        material=row.material_id, variant=row.variant, removed_at__isnull=True, quality__gte=QUALITY_MIN
    )
    frames = list(found.select_related("material").order_by("at_s", "pk"))
    keys.warm(frames)
    pdqs = [frame.pdq for frame in frames]
    empty = [one or other for one, other in zip(is_degenerate(pdqs), is_harmless(pdqs), strict=True)]
    lines = []
    for part, (frame, skip) in enumerate(zip(frames, empty, strict=True)):
        if not skip:
            at_ms = round((frame.at_s or 0) * 1000)
            about = _about(row, name, LineKind.PDQ_FRAME, frame.quality, part, at_ms)
            lines.append(_filled(about, row.pk, frame.pk, marked(peer.secret, name, part, frame.pdq)))
    return lines


def _about(row: FeedEntry, name: bytes, kind: LineKind, quality: int, part: int = 0, at_ms: int = 0) -> bytes:
    end = round(row.expires_at.timestamp()) if row.expires_at else 0
    told = (LineOperation.ADD, kind, quality, row.level, row.action, 0)
    return _OPEN.pack(0, name, *told, part, at_ms, end)[_SEQUENCE_BYTES:]


def _filled(about: bytes, entry: int | None, bank_entry: int | None, value: bytes) -> Draft:
    return Draft(about, entry, bank_entry, os.urandom(_SALT_BYTES), value)


def _canaries(peer: Peer, now: datetime) -> Iterator[list[Draft]]:
    """With the first lines come two entries that show no picture; with the next ones the second of them is withdrawn."""
    names = names_of(peer.secret, CANARIES)
    there = FeedLine.objects.filter(peer=peer, feed_entry__isnull=True).count()
    if there == 0:
        level = Level(peer.level_min)
        row = FeedEntry(
            level=level,
            action=action_at(level, minor=False, harmless=False),
            expires_at=expires_at(level, now),
        )
        for number, name in zip(CANARIES, names, strict=True):
            about = _about(row, name, LineKind.PDQ_IMAGE, 80 + name[0] % 21)
            yield [_filled(about, None, None, canary_value(peer.secret, number))]
    elif there == len(CANARIES):
        own = FeedLine.objects.filter(peer=peer, feed_entry__isnull=True)
        own.filter(pk__in=[row.pk for row in own if names[1] in bytes(row.open)]).update(salt=b"")
        yield [_bare(LineOperation.WITHDRAW, names[1], None)]
