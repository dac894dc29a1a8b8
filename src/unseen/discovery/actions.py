"""Writes of discovery."""

from datetime import datetime

from unseen.discovery.models import Backoff, SeenPlace, StartPage
from unseen.domain.limits import RETRY_AFTER_MAX
from unseen.keys.centre import own_key
from unseen.leases import free


def add_start_page(location: str, now: datetime) -> StartPage:
    """Sweep from this page from now on. Known pages stay as they are."""
    page, _ = StartPage.objects.get_or_create(location=location, defaults={"due_at": now})
    return page


def finish_sweep(page: StartPage, due_at: datetime, now: datetime) -> None:
    """The sweep is done, or put off until `due_at`."""
    page.swept_at = now
    free(page, due_at)
    page.save()


def stay_away(host: str, seen_as: str, until: datetime) -> None:
    """Remember that the host wants to be left alone by this address of ours."""
    Backoff.objects.update_or_create(host=host, seen_as=seen_as, defaults={"until": until})


def forget_host(host: str) -> None:
    """Nobody's item stands there any more: that it ever asked us to wait is nobody's business."""
    Backoff.objects.filter(host=host).delete()


def remember(page: str, media: str, bank_version: int, now: datetime) -> None:
    """This page (media empty) or this media on it was read."""
    SeenPlace.objects.update_or_create(
        key=key_of(page, media), defaults={"seen_at": now, "bank_version": bank_version}
    )


def key_of(page: str, media: str) -> str:
    """The stored key of a place. Without the centre's key it does not tell whether we ever read one."""
    return own_key().mark(page, media)


def date_back(now: datetime) -> int:
    """As in casework: pages are swept and read again, and no host's wish to wait is longer than one may be."""
    SeenPlace.objects.filter(seen_at__gt=now).update(seen_at=now)
    Backoff.objects.filter(until__gt=now + RETRY_AFTER_MAX).update(until=now + RETRY_AFTER_MAX)
    return StartPage.objects.filter(due_at__gt=now).update(due_at=now)
