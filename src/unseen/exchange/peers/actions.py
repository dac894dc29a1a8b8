"""Writes of what peers send: their entries and what is put aside, and the folder in which they are searched."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import transaction

from unseen import bulk
from unseen.domain.limits import QUARANTINED_OF_A_PEER_MAX
from unseen.exchange.models import Peer
from unseen.exchange.peers.models import FetchBegun, PeerEntry, PeerSource, Pushed, Quarantined
from unseen.exchange.peers.record import Batch, PeerKind, PeerRecord, Reason, Refused
from unseen.journal import actions as journal
from unseen.keys.centre import own_key
from unseen.matching import Bank

AT_ONCE = 1_000
_FETCHES_LAST_S = 40 * 86_400
_CHANGED = ("value", "quality", "withdrawn", "changed_at", "in_folder")


@dataclass(slots=True)
class Taken:
    """What became of a batch."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    same: int = 0
    quarantined: int = 0
    passed_over: int = 0
    cursor_moved: bool = True


def take_in(name: str, batch: Batch, now: datetime) -> Taken:
    """Store what a peer sent. Safe to repeat, and to cut off: a thousand records at a time, so that nobody waits long to write.

    The cursor moves last, and only when every record was stored or put aside under the name that it gives itself.
    """
    taken = Taken(passed_over=batch.passed_over)
    records = batch.records
    for start in range(0, len(records) - AT_ONCE, AT_ONCE):
        part = replace(batch, records=records[start : start + AT_ONCE], refused=(), cursor="", passed_over=0)
        _take_part(name, part, now, taken)
    rest = (len(records) - 1) // AT_ONCE * AT_ONCE if records else 0
    _take_part(name, replace(batch, records=records[rest:]), now, taken)
    return taken


def _take_part(name: str, batch: Batch, now: datetime, taken: Taken) -> None:
    before = replace(taken)
    with transaction.atomic():
        PeerSource.objects.get_or_create(name=name)
        source = PeerSource.objects.select_for_update(no_key=True).get(name=name)
        refused = [*batch.refused, *_store(source, batch.records, now, taken)]
        taken.quarantined += len(refused)
        named = _quarantine(source, refused, now)
        taken.cursor_moved = taken.cursor_moved and named
        source.passed_over += batch.passed_over
        source.held_back = 0 if taken.cursor_moved else source.held_back + (not named)
        source.read_at = now
        if taken.cursor_moved and batch.cursor:
            source.cursor = batch.cursor
        source.save()
        told = {
            "added": taken.added - before.added,
            "changed": taken.changed - before.changed,
            "withdrawn": taken.withdrawn - before.withdrawn,
            "quarantined": len(refused),
        }
        if any(told.values()):
            journal.write("peer:entries:taken", journal.about("peer_source", source.pk), now, **told)


def _store(source: PeerSource, records: Sequence[PeerRecord], now: datetime, taken: Taken) -> list[Refused]:
    """Later records about the same name outweigh earlier ones. Returns those that say something older than we know."""
    marks = [_mark(source, record.theirs) for record in records]
    rows = {row.key_mark: row for row in PeerEntry.objects.filter(source=source, key_mark__in=marks)}
    new: dict[str, PeerEntry] = {}
    changed: dict[str, PeerEntry] = {}
    replayed = []
    for mark, record in zip(marks, records, strict=True):
        row = rows.get(mark)
        if row is None:
            rows[mark] = new[mark] = _row(source, mark, record, now)
            taken.withdrawn += record.withdrawn
            taken.added += not record.withdrawn
        elif _is_replayed(row, record):
            replayed.append(Refused(record.theirs, Reason.REPLAYED, _digest(record)))
        else:
            same = (row.withdrawn, row.value) == (record.withdrawn, record.value)
            later = (
                record.changed_at > row.changed_at
            )  # said again: what is older than this is a replay from now on
            taken.same += same
            taken.withdrawn += record.withdrawn and not same
            taken.changed += not record.withdrawn and not same
            if not same or later:
                _follow(row, record)
                if mark not in new:
                    changed[mark] = row
    PeerEntry.objects.bulk_create(new.values())
    bulk.change(list(changed.values()), _CHANGED)
    return replayed


def _row(source: PeerSource, mark: str, record: PeerRecord, now: datetime) -> PeerEntry:
    row = PeerEntry(source=source, key_mark=mark, theirs=record.theirs, kind=record.kind, added_at=now)
    _follow(row, record)
    return row


def _follow(row: PeerEntry, record: PeerRecord) -> None:
    row.value, row.withdrawn, row.quality = record.value, record.withdrawn, record.quality
    row.changed_at, row.in_folder = record.changed_at, False


def _is_replayed(row: PeerEntry, record: PeerRecord) -> bool:
    """Older than what we know; or of no later time, and brings back what was withdrawn or changes what it was."""
    if record.changed_at < row.changed_at:
        return True
    if record.changed_at > row.changed_at:
        return False
    brings_back = row.withdrawn and not record.withdrawn
    changes = bool(record.changed_at) and not record.withdrawn and row.value != record.value
    return brings_back or changes


def _quarantine(source: PeerSource, refused: Sequence[Refused], now: datetime) -> bool:
    """Put records aside, each under its own name; whether all had one and there was room for it."""
    all_named = True
    room = QUARANTINED_OF_A_PEER_MAX - Quarantined.objects.filter(source=source).count()
    for each in refused:
        mark = _mark(source, each.theirs) if each.theirs else ""
        found = Quarantined.objects.filter(source=source, key_mark=mark, reason=each.reason).first()
        if found is None and room <= 0:
            all_named, mark = False, ""
            found = Quarantined.objects.filter(source=source, key_mark="", reason=each.reason).first()
        all_named = all_named and bool(mark)
        if found is not None:
            found.count, found.digest, found.last_at = found.count + 1, each.digest, now
            found.save()
        else:
            room -= 1
            Quarantined.objects.create(
                source=source,
                key_mark=mark,
                theirs=each.theirs if mark else "",
                reason=each.reason,
                digest=each.digest,
                first_at=now,
                last_at=now,
            )
    return all_named


def write_folder(entries: Sequence[PeerEntry]) -> None:
    """Bring the folder to the state of these rows. Safe to repeat: an id is taken out before it is put in."""
    bank = Bank.open(settings.UNSEEN.data_dir / "peers")
    ids = [entry.pk for entry in entries]
    with transaction.atomic():
        rows = list(PeerEntry.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids))
        living = [row for row in rows if row.kind == PeerKind.PDQ and not row.withdrawn]
        bank.remove(np.array(ids, dtype=np.uint64))
        if living:
            pdqs = np.frombuffer(b"".join(row.value for row in living), dtype=np.uint8).reshape(-1, 32)
            bank.add(pdqs, np.array([row.pk for row in living], dtype=np.uint64))
        PeerEntry.objects.filter(pk__in=ids).update(in_folder=True)


def rebuild_folder() -> None:
    """Mark every row as due, so that a lost or damaged folder is written anew."""
    PeerEntry.objects.filter(in_folder=True).update(in_folder=False)


def pushed_begun(peer: Peer, bank: str, name: str, now: datetime) -> Pushed:
    """Before a fingerprint is put into a peer's bank: a turn that is cut off knows what it had begun."""
    with transaction.atomic():
        fresh = {"content": None, "begun_at": now, "disabled_at": None}
        row, _ = Pushed.objects.update_or_create(peer=peer, bank=bank, name=name, defaults=fresh)
        journal.write("peer:push:begun", journal.about("peer", peer.pk), now, push=row.pk)
    return row


def pushed_done(row: Pushed, content: int) -> None:
    """It is there, under this id."""
    Pushed.objects.filter(pk=row.pk).update(content=content)


def pushed_disabled(row: Pushed, now: datetime) -> None:
    """The peer's service has switched it off."""
    with transaction.atomic():
        Pushed.objects.filter(pk=row.pk).update(disabled_at=now)
        journal.write("peer:push:disabled", journal.about("peer", row.peer_id), now, push=row.pk)


def pushed_forgotten(peer: Peer, bank: str, now: datetime) -> None:
    """The bank at the peer was taken away as a whole."""
    with transaction.atomic():
        Pushed.objects.filter(peer=peer, bank=bank).delete()
        journal.write("peer:push:begun_anew", journal.about("peer", peer.pk), now)


def fetch_begun(peer: Peer, second: int, size: int) -> None:
    """Note how long the list was; what no client holds any more goes (StopNCII's is stale after 30 days)."""
    with transaction.atomic():
        FetchBegun.objects.filter(peer=peer, second__lt=second - _FETCHES_LAST_S).delete()
        FetchBegun.objects.get_or_create(peer=peer, second=second, defaults={"size": size})


def _mark(source: PeerSource, theirs: str) -> str:
    return own_key().mark("peer entry", str(source.pk), theirs)


def _digest(record: PeerRecord) -> str:
    return own_key().mark("peer record", record.theirs, record.value.hex(), str(record.changed_at))
