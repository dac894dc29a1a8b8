"""A peer's list in a bank of its Hasher-Matcher-Actioner: what lives is added once, what lives no more is switched off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from unseen.exchange.models import Peer
from unseen.exchange.peers import actions
from unseen.exchange.peers.exports import live
from unseen.exchange.peers.hma.client import HmaClient
from unseen.exchange.peers.models import Pushed
from unseen.exchange.peers.record import PeerKind

# HMA builds its index every minute and keeps it for half a one: so long it may not find what it took.
_INDEXED_AFTER = timedelta(minutes=5)


@dataclass(slots=True)
class Told:
    """What one turn did."""

    added: int = 0
    disabled: int = 0
    waiting: int = 0  # begun by a turn that was cut off; looked up when its index must know


def push(client: HmaClient, peer: Peer, now: datetime) -> Told:
    """Bring the bank to the state of the peer's list. Safe to repeat and to cut off anywhere. Raises PeerTrouble.

    Withdrawals first: they matter more than new entries.
    """
    told = Told()
    wanted = {record.theirs: record.value.hex() for record in live(peer, now) if record.kind is PeerKind.PDQ}
    rows = {row.name: row for row in Pushed.objects.filter(peer=peer, bank=client.bank)}
    if any(row.content is None for name, row in rows.items() if name not in wanted):
        # A turn was cut off while it added this, and what it added has no name any more by which it could be found.
        client.drop_bank()
        client.make_bank()
        actions.pushed_forgotten(peer, client.bank, now)
        rows = {}
    for name, row in rows.items():
        if name not in wanted and row.content is not None and row.disabled_at is None:
            client.disable(row.content)
            actions.pushed_disabled(row, now)
            told.disabled += 1
    for name, pdq in wanted.items():
        known = rows.get(name)
        if known is not None and known.content is not None and known.disabled_at is None:
            continue
        if known is not None and known.content is None and now - known.begun_at < _INDEXED_AFTER:
            told.waiting += 1
            continue
        _add(client, peer, name, pdq, known, now)
        told.added += 1
    return told


def _add(client: HmaClient, peer: Peer, name: str, pdq: str, known: Pushed | None, now: datetime) -> None:
    """The row first: a turn that is cut off after the request leaves one without an id, which is looked up and not repeated."""
    begun_before = known is not None and known.content is None
    row = actions.pushed_begun(peer, client.bank, name, now)
    there = client.same(pdq) if begun_before else []
    actions.pushed_done(row, there[0] if there else client.add(pdq))
