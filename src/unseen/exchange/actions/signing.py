"""Writes of the keys that sign the feed: each is announced before its turn, so that no follower misses the change."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from unseen.domain.limits import FEED_KEY_ANNOUNCED_FOR, FEED_KEY_LASTS
from unseen.exchange.models import SigningKey
from unseen.feed.signing import Signer
from unseen.journal import actions as journal


def keep_signing(now: datetime) -> bool:
    """Whether a key had to be made: the first one, or a successor before the newest ends."""
    newest = SigningKey.objects.order_by("-until").values_list("until", flat=True).first()
    if newest is not None and newest - now > 2 * FEED_KEY_ANNOUNCED_FOR:
        return False
    rotate(now, at_once=newest is None or newest <= now)
    return True


def rotate(now: datetime, *, at_once: bool = False) -> SigningKey:
    """Make a key that signs from its turn on, and ends the others when it has.

    `at_once`: somebody may have the old keys. They end now, and every peer needs a new invitation.
    """
    signer = Signer.new()
    with transaction.atomic():
        journal.one_at_a_time()
        begins = now if at_once else min(now + FEED_KEY_ANNOUNCED_FOR, _last_ends(now))
        ends = now if at_once else begins + FEED_KEY_ANNOUNCED_FOR
        SigningKey.objects.filter(until__gt=ends).update(until=ends)
        key = SigningKey.objects.create(
            public=signer.key(0).public.hex(),
            private=signer.private,
            signs_from=begins,
            until=begins + FEED_KEY_LASTS,
            made_at=now,
        )
        journal.write("feed:key:made", journal.about("feed", "ours"), now, key=key.pk, at_once=at_once)
    return key


def _last_ends(now: datetime) -> datetime:
    """When no key would sign any more: the next one begins then at the latest, however late it was made."""
    return SigningKey.objects.filter(until__gt=now).aggregate(last=Max("until"))["last"] or now
