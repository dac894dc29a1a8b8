"""Reads about staff."""

from unseen.accounts.models import Staff


def anybody_can_log_in() -> bool:
    """Whether the desk has at least one active member of staff."""
    return Staff.objects.filter(is_active=True).exists()
