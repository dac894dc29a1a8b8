"""Writes about staff."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password

from unseen.accounts.models import Staff



def add_staff(username: str, password: str, now: datetime) -> Staff:
    """Create a member of staff. Raises django's ValidationError when the password is weak."""
    staff = Staff(username=username)
    validate_password(password, staff)
    staff.set_password(password)
    staff.date_joined = now
    staff.save()
    return staff
