"""Writes about staff."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from unseen.accounts.models import Staff


def add_staff(username: str, password: str, now: datetime) -> Staff:
    """Create a member of staff. Raises ValidationError (weak password, unusable name) and IntegrityError (name taken)."""
    staff = Staff(username=username, date_joined=now)
    staff.clean_fields(exclude={"password"})
    validate_password(password, staff)
    staff.set_password(password)
    with transaction.atomic():
        staff.save()
    return staff
