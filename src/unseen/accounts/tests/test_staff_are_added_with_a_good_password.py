from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from unseen.accounts.actions import add_staff
from unseen.accounts.models import Staff
from unseen.accounts.queries import anybody_can_log_in

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
GOOD = "a long and boring sentence"


def test_a_member_of_staff_can_log_in() -> None:
    assert not anybody_can_log_in()
    staff = Staff.objects.get(pk=add_staff("haneul", GOOD, NOON).pk)
    assert staff.check_password(GOOD)
    assert staff.password.startswith("argon2$argon2id$")
    assert (staff.date_joined, staff.is_staff, staff.is_superuser) == (NOON, False, False)
    assert anybody_can_log_in()


def test_somebody_who_left_does_not_count() -> None:
    add_staff("haneul", GOOD, NOON)
    Staff.objects.update(is_active=False)
    assert not anybody_can_log_in()


@pytest.mark.parametrize("weak", ["", "short", "password1234", "haneul-haneul-1"])
def test_a_weak_password_is_refused_and_nothing_is_stored(weak: str) -> None:
    with pytest.raises(ValidationError):
        add_staff("haneul-haneul", weak, NOON)
    assert not Staff.objects.exists()


@pytest.mark.parametrize("name", ["", "two words", "x" * 151, "tab\t", "nul\x00"])
def test_a_name_that_cannot_be_typed_at_the_log_in_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        add_staff(name, GOOD, NOON)
    assert not Staff.objects.exists()


def test_a_name_is_given_once() -> None:
    add_staff("haneul", GOOD, NOON)
    with pytest.raises(IntegrityError):
        add_staff("haneul", GOOD, NOON)
    assert Staff.objects.count() == 1
