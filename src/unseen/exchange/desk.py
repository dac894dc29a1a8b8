"""Reads for the desk and the door: how a case's materials stand with platforms, and what these said."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from unseen.accounts.models import ApprovalKind, Staff
from unseen.accounts.permissions import Reach, reach_of
from unseen.casework.models import Case, Material
from unseen.domain.feed import EntryState, Verdict
from unseen.exchange.models import Dispute, Feedback, FeedEntry, Verification
from unseen.exchange.queries import standings
from unseen.intake.models import Report


@dataclass(frozen=True, slots=True)
class Said:
    """What one peer said, and when."""

    peer: str
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """How one material stands with platforms."""

    material: Material
    level: int
    live: int  # entries that platforms may match
    suspended: int
    waiting: str  # what another person must allow, in words, or nothing
    said: tuple[Said, ...]
    disputes: tuple[Dispute, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """What the affected person is told about platforms."""

    shared: bool
    stopped_by: int  # platforms that refused or removed an upload
    doubted: bool  # a person at the centre is looking at it


def shared_of(case: Case) -> list[Shared]:
    """Each material of a case."""
    levels = standings(case.report)
    materials = case.materials.select_related("reported").order_by("reported__number")
    return [_shared(material, levels[material.reported_id].level) for material in materials]


def _shared(material: Material, level: int) -> Shared:
    entries = FeedEntry.objects.filter(material=material.reported_id)
    states = list(entries.values_list("state", flat=True))
    said = Feedback.objects.filter(feed_entry__in=entries).select_related("peer").order_by("at", "pk")
    open_ = Verification.objects.filter(material=material.reported_id, approval__decided_at__isnull=True)
    asked = open_.values_list("approval__kind", flat=True).first()
    return Shared(
        material=material,
        level=level,
        live=states.count(EntryState.LIVE),
        suspended=states.count(EntryState.SUSPENDED),
        waiting=str(ApprovalKind(asked).label) if asked else "",
        said=tuple(Said(row.peer.name, Verdict(row.verdict), row.at) for row in said),
        disputes=tuple(open_disputes().filter(feed_entry__in=entries)),
    )


def open_disputes() -> QuerySet[Dispute]:
    """Those that wait for a person. What was withdrawn meanwhile needs nobody."""
    rows = Dispute.objects.filter(decided_at__isnull=True, feed_entry__state=EntryState.SUSPENDED)
    return rows.select_related("feed_entry__material__material__case").order_by("opened_at", "pk")


def disputes_for(staff: Staff) -> QuerySet[Dispute]:
    """Those of cases that this person may see."""
    reach = reach_of(staff.role, "disputes")
    if reach is Reach.ALL:
        return open_disputes()
    owner = "feed_entry__material__material__case__person"
    own = Q(**{owner: staff}) | Q(**{f"{owner}__isnull": True})
    return open_disputes().filter(own) if reach is Reach.OWN else open_disputes().none()


def dispute_of(case: Case, number: int) -> Dispute | None:
    """An open dispute about this case's material."""
    return open_disputes().filter(pk=number, feed_entry__material__report=case.report_id).first()


def material_of(case: Case, position: int) -> Material | None:
    """The material of this number."""
    rows = case.materials.select_related("reported", "case")
    return rows.filter(reported__number=position).first()


def word_for(report: Report) -> Word:
    """For the person's own page: that, and how many, never who."""
    entries = FeedEntry.objects.filter(material__report=report).exclude(state=EntryState.WITHDRAWN)
    states = set(entries.values_list("state", flat=True))
    if not states:
        return Word(shared=False, stopped_by=0, doubted=False)
    stopped = Feedback.objects.filter(feed_entry__in=entries, verdict=Verdict.BLOCKED)
    return Word(
        shared=EntryState.LIVE in states,
        stopped_by=stopped.values("peer").distinct().count(),
        doubted=open_disputes().filter(feed_entry__in=entries).exists(),
    )
