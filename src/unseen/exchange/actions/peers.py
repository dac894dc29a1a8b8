"""Writes about peers: let one read, and take its key back."""

import hashlib
import os
import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from unseen.domain.feed import Level, Scope
from unseen.domain.limits import REQUEST_LASTS
from unseen.exchange.actions.signing import keep_signing
from unseen.exchange.models import Peer, SeenNonce
from unseen.journal import actions as journal


def add_peer(
    name: str,
    now: datetime,
    *,
    level_min: Level = Level.SELF_ASSERTED,
    scopes: Collection[Scope] = tuple(Scope),
    public_key: bytes | None = None,
) -> str:
    """Let a peer read the feed; returns its key, which is shown once and stored only as a digest.

    A peer that signs its requests (`public_key`: 32 bytes, Ed25519) gets no key: the answer is empty.
    Raises IntegrityError where another one has the name or the public key.
    """
    key = "" if public_key else f"unseen_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        keep_signing(now)
        peer = Peer.objects.create(
            name=name,
            key_digest=hashlib.sha256(key.encode()).hexdigest() if key else None,
            public_key=public_key.hex() if public_key else None,
            scopes=" ".join(sorted(scopes)),
            level_min=level_min,
            feed=secrets.token_hex(16),
            secret=os.urandom(32),
            added_at=now,
        )
        journal.write("peer:key:issued", journal.about("peer", peer.pk), now, level_min=int(level_min))
    return key


def revoke_peer(peer: Peer, now: datetime) -> bool:
    """Its key opens nothing any more, from the next request on; False when it did not before."""
    with transaction.atomic():
        done = Peer.objects.filter(pk=peer.pk, revoked_at__isnull=True).update(revoked_at=now)
        if done:
            journal.write("peer:key:revoked", journal.about("peer", peer.pk), now)
    return bool(done)


def is_first(peer: Peer, nonce: str, now: datetime) -> bool:
    """Whether the peer uses this nonce for the first time; from now on it does not."""
    try:
        with transaction.atomic():
            SeenNonce.objects.create(peer=peer, nonce=nonce, at=now)
    except IntegrityError:
        return False
    return True


def forget_nonces(now: datetime) -> None:
    """Those of requests that would be too old by now to be believed."""
    old = SeenNonce.objects.filter(at__lt=now - 2 * REQUEST_LASTS)
    if old.exists():  # asked every second: a look takes no lock, a deletion does
        old.delete()
