"""Reads of discovery: what was searched before, and what a match belongs to."""

from datetime import datetime, timedelta
from uuid import UUID

from unseen.casework.models import Item, Material, mark_of
from unseen.discovery.actions import key_of
from unseen.discovery.models import SeenPlace
from unseen.domain.item import Stage
from unseen.domain.match import Match

# A page or medium under a known location is read again after this time: somebody may have put another one there.
SEEN_HOLDS_FOR = timedelta(days=14)


def seen(page: str, medium: str, bank_version: int, now: datetime) -> bool:
    """Whether this place was searched lately, and against a bank that is no older."""
    known = SeenPlace.objects.filter(key=key_of(page, medium), bank_version__gte=bank_version)
    return known.filter(seen_at__gt=now - SEEN_HOLDS_FOR).exists()


def material_of(match: Match) -> Material | None:
    """The material that a match belongs to; None while its case is not yet open."""
    return Material.objects.filter(reported_id=UUID(match.material)).first()


def waits_for_its_first_look(location: str, match: Match) -> bool:
    """Its page was reported and not yet looked at: which of its media that item is about is still open."""
    material = Material.objects.select_related("case").filter(reported_id=UUID(match.material)).first()
    if material is None:
        return False
    bare = Item.objects.filter(
        case=material.case, location_key=mark_of(material.case.report_id, location, "")
    )
    return bare.filter(material__isnull=True).exclude(stage=Stage.CLOSED).exists()
