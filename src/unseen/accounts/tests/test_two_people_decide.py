from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from unseen.accounts.actions import NotAllowed, WrongEnrolment, ask, decide, enrol
from unseen.accounts.models import Approval, ApprovalKind, Role, Staff
from unseen.domain.limits import ENROL_WITHIN
from unseen.journal.models import Entry

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PASSWORD = "a long and boring sentence"
pytestmark = pytest.mark.django_db


def _person(name: str, role: Role = Role.ADMINISTRATOR) -> Staff:
    return Staff.objects.create(username=name, role=role)


def _asked(by: Staff) -> Approval:
    return ask(ApprovalKind.ADD_STAFF, "haneul", by, NOON, Role.CASEWORKER)


def test_one_asks_another_allows_and_a_third_enrols() -> None:
    first, second = _person("first"), _person("second")
    asked = _asked(first)
    assert not Staff.objects.filter(username="haneul").exists()
    _, paper = decide(asked.pk, second, allowed=True, now=NOON)
    assert not Staff.objects.get(username="haneul").has_usable_password()
    staff = enrol("haneul", f" {paper.lower()[:8]} {paper[8:]} ", PASSWORD, NOON)
    assert (staff.role, staff.check_password(PASSWORD)) == (Role.CASEWORKER, True)
    told = list(Entry.objects.order_by("pk").values_list("tag", flat=True))
    assert told == ["approval:person:asked", "staff:account:added", "approval:person:decided", "staff:account:enrolled"]  # fmt: skip
    assert paper not in "".join(Entry.objects.values_list("data", flat=True))


def test_nobody_allows_what_she_asked_for_herself() -> None:
    first = _person("first")
    asked = _asked(first)
    with pytest.raises(NotAllowed):
        decide(asked.pk, first, allowed=True, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=asked.pk).update(decided_by=first, decided_at=NOON, allowed=True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_the_right_role_allows(role: Role) -> None:
    asked = _asked(_person("first"))
    with pytest.raises(NotAllowed):
        decide(asked.pk, _person("other", role), allowed=True, now=NOON)


def test_a_decision_stands() -> None:
    asked = _asked(_person("first"))
    decide(asked.pk, second := _person("second"), allowed=False, now=NOON)
    with pytest.raises(NotAllowed):
        decide(asked.pk, second, allowed=True, now=NOON)
    assert not Staff.objects.filter(username="haneul").exists()


def test_paper_works_once_for_one_name_and_for_a_day() -> None:
    asked = _asked(_person("first"))
    _, paper = decide(asked.pk, _person("second"), allowed=True, now=NOON)
    for name, given, at in (
        ("first", paper, NOON),
        ("haneul", "", NOON),
        ("haneul", "0" * 16, NOON),
        ("haneul", paper, NOON + ENROL_WITHIN),
    ):
        with pytest.raises(WrongEnrolment):
            enrol(name, given, PASSWORD, at)
    with pytest.raises(ValidationError):
        enrol("haneul", paper, "short", NOON)
    enrol("haneul", paper, PASSWORD, NOON)
    with pytest.raises(WrongEnrolment):
        enrol("haneul", paper, PASSWORD, NOON)


def test_a_lost_key_begins_anew_and_the_old_ones_open_nothing() -> None:
    first, second, third = (_person(name) for name in ("first", "second", "third"))
    third.passkeys.create(credential_id=b"id", credential=b"x", added_at=NOON)
    before = third.code_seed
    asked = ask(ApprovalKind.RENEW, "third", first, NOON)
    _, paper = decide(asked.pk, second, allowed=True, now=NOON)
    third.refresh_from_db()
    assert third.code_seed != before
    assert not third.has_usable_password()
    assert not third.passkeys.exists()
    assert enrol("third", paper, PASSWORD, NOON).check_password(PASSWORD)


def test_a_role_changes_only_when_two_agree() -> None:
    first, second, third = _person("first"), _person("second"), _person("third", Role.INTAKE)
    asked = ask(ApprovalKind.CHANGE_ROLE, "third", first, NOON, Role.REVIEWER)
    third.refresh_from_db()
    assert third.role == Role.INTAKE
    decide(asked.pk, second, allowed=True, now=NOON)
    third.refresh_from_db()
    assert third.role == Role.REVIEWER


@pytest.mark.parametrize(
    ("kind", "name"), [("add_staff", "first"), ("change_role", "nobody"), ("add_staff", "two words")]
)
def test_a_name_that_cannot_be_meant_is_refused(kind: str, name: str) -> None:
    with pytest.raises(ValidationError):
        ask(ApprovalKind(kind), name, _person("first"), NOON, Role.INTAKE)
    assert not Approval.objects.exists()


def test_an_account_is_closed_when_two_agree() -> None:
    first, second, third = (_person(name) for name in ("first", "second", "third"))
    asked = ask(ApprovalKind.CLOSE, "third", first, NOON)
    decide(asked.pk, second, allowed=True, now=NOON)
    third.refresh_from_db()
    assert not third.is_active
