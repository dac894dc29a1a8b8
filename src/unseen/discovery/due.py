"""Due work of discovery: start pages that are to be swept."""

from datetime import datetime, timedelta

from django.conf import settings

from unseen import leases
from unseen.discovery import actions
from unseen.discovery.looker import TooSoon, looker, place
from unseen.discovery.models import StartPage
from unseen.discovery.recognise import recogniser
from unseen.discovery.sweep import sweep

AT_ONCE = 1  # one that fails holds up no other, and a notice waits for one sweep at most


def prepare(now: datetime) -> None:
    """Take up the start pages of the options, when a worker starts. Raises LocationError and OSError."""
    path = settings.UNSEEN.start_pages
    if path is None:
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text and not text.startswith("#"):
            actions.add_start_page(place(text).text, now)


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    pages = leases.claim(StartPage.objects.all(), worker, now, AT_ONCE)
    for page in pages:
        try:
            sweep(page.location, looker(), recogniser(), now)
            actions.finish_sweep(page, now + timedelta(hours=settings.UNSEEN.scan_every_hours), now)
        except TooSoon as too_soon:
            actions.finish_sweep(page, too_soon.until, now)
    return len(pages)


def next_due_at() -> datetime | None:
    """When the next sweep is due."""
    return leases.next_due_at(StartPage.objects.all())
