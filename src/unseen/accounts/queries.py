"""Reads about staff."""

from datetime import datetime

from unseen.accounts.models import Approval, ApprovalKind, Passkey, Staff


def anybody_can_log_in() -> bool:
    """Whether the desk has at least one active member of staff."""
    return Staff.objects.filter(is_active=True).exists()


def staff_called(name: str) -> Staff | None:
    """The member of staff who logs in with this name."""
    return Staff.objects.filter(username=name).first()


def everybody() -> list[Staff]:
    """All members of staff by name."""
    return list(Staff.objects.order_by("username").prefetch_related("passkeys"))


def passkeys_of(staff: Staff) -> list[Passkey]:
    """The passkeys of one person, the oldest first."""
    return list(Passkey.objects.filter(staff=staff).order_by("pk"))


def passkey_with(credential_id: bytes) -> Passkey | None:
    """The passkey with this id, and its owner."""
    return Passkey.objects.select_related("staff").filter(credential_id=credential_id).first()


def waiting(kinds: list[ApprovalKind]) -> list[Approval]:
    """What was asked for and not decided, the oldest first."""
    undecided = Approval.objects.filter(decided_at__isnull=True, kind__in=kinds)
    return list(undecided.select_related("asked_by").order_by("asked_at", "pk"))


def looks_allowed_since(staff: Staff, since: datetime) -> int:
    """How often since then somebody allowed this person more looks."""
    kind = ApprovalKind.LOOK_MORE
    return Approval.objects.filter(
        kind=kind, subject=staff.username, allowed=True, decided_at__gte=since
    ).count()
