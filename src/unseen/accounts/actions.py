"""Writes about staff: who may log in, with what, and what two people decide together."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from unseen.accounts import codes
from unseen.accounts.models import Approval, ApprovalKind, Passkey, Role, Staff, new_seed
from unseen.domain.limits import ENROL_WITHIN, LOG_IN_FAILURES_MAX, LOG_IN_WAIT_MAX
from unseen.journal import actions as journal

# Who allows what: never the one who asked, and only this role.
DECIDED_BY = {
    ApprovalKind.ADD_STAFF: Role.ADMINISTRATOR,
    ApprovalKind.CHANGE_ROLE: Role.ADMINISTRATOR,
    ApprovalKind.RENEW: Role.ADMINISTRATOR,
    ApprovalKind.CLOSE: Role.ADMINISTRATOR,
    ApprovalKind.LOOK_MORE: Role.REVIEWER,
    ApprovalKind.VERIFY: Role.REVIEWER,
    ApprovalKind.LEGAL_ORDER: Role.REVIEWER,
}
# About material of a case, and not about a person: the stage that asked carries it out when it finds it allowed.
ABOUT_MATERIAL = frozenset((ApprovalKind.VERIFY, ApprovalKind.LEGAL_ORDER))


class NotAllowed(Exception):
    """It takes another person, another role, or it was decided already; nothing was stored."""


class WrongEnrolment(Exception):
    """The name and the code on paper do not fit together, or the code is too old; nothing was stored."""


def add_staff(username: str, password: str, now: datetime, role: Role | str = "") -> Staff:
    """Create a member of staff. Raises ValidationError (weak password, unusable name) and IntegrityError (name taken)."""
    staff = Staff(username=username, date_joined=now, role=role)
    staff.clean_fields(exclude={"password"})
    validate_password(password, staff)
    staff.set_password(password)
    with transaction.atomic():
        staff.save()
        _tell("staff:account:added", staff, now, role=staff.role)
    return staff


def take_code(staff: Staff, code: str, now: datetime) -> bool:
    """Whether this one-time code is right; it is then used up, also for whoever comes at the same moment."""
    step = codes.step_that_fits(staff.code_seed, code, now)
    if step is None:
        return False
    return bool(Staff.objects.filter(pk=staff.pk, code_step__lt=step).update(code_step=step))


def note_failure(staff: Staff, now: datetime) -> None:
    """A log-in failed: after a few in a row each next one must wait longer. A passkey is never kept waiting."""
    Staff.objects.filter(pk=staff.pk).update(failures=F("failures") + 1)
    staff.refresh_from_db(fields=["failures"])
    over = staff.failures - LOG_IN_FAILURES_MAX
    if over >= 0:
        wait = min(timedelta(seconds=2 ** min(over, 20)), LOG_IN_WAIT_MAX)
        Staff.objects.filter(pk=staff.pk).update(not_before=now + wait)


def note_log_in(staff: Staff, now: datetime, by: str) -> None:
    """Somebody logged in: the journal tells who and by what."""
    with transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(failures=0, not_before=None)
        _tell("staff:desk:entered", staff, now, by=by)


def add_passkey(staff: Staff, credential_id: bytes, credential: bytes, now: datetime) -> Passkey:
    """Keep a passkey. Raises IntegrityError when somebody has it already."""
    with transaction.atomic():
        passkey = Passkey.objects.create(
            staff=staff, credential_id=credential_id, credential=credential, added_at=now
        )
        _tell("staff:passkey:added", staff, now, passkey=passkey.pk)
    return passkey


def remove_passkey(staff: Staff, number: int, now: datetime) -> bool:
    """Whether this person had that passkey; it opens nothing any more."""
    with transaction.atomic():
        done, _ = Passkey.objects.filter(staff=staff, pk=number).delete()
        if done:
            _tell("staff:passkey:removed", staff, now, passkey=number)
    return bool(done)


def note_use(passkey: Passkey, uses: int) -> bool:
    """Whether the key's own counter went up; if not, there are two of it (WebAuthn Level 2, 6.1.1). Zero: it does not count."""
    if uses == 0 and passkey.uses == 0:
        return True
    return bool(Passkey.objects.filter(pk=passkey.pk, uses__lt=uses).update(uses=uses))


def renew_codes(staff: Staff, now: datetime) -> Staff:
    """A new key for one-time codes, by whoever has the server: the old one and all passkeys open nothing any more."""
    with transaction.atomic():
        _renew(staff, now)
    return staff


def close_account(staff: Staff, now: datetime) -> None:
    """Somebody left, or must not come in any more: from now on, also where she is logged in."""
    with transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(is_active=False)
        _tell("staff:account:closed", staff, now)


def ask(kind: ApprovalKind, subject: str, by: Staff, now: datetime, role: Role | str = "") -> Approval:
    """One person asks. Raises ValidationError for a name that cannot be used, or that is not there, or is taken."""
    known = Staff.objects.filter(username=subject).exists()
    if known is (kind == ApprovalKind.ADD_STAFF):
        raise ValidationError(
            "Somebody has this name already: choose another."
            if known
            else "Nobody has this name: write it as at the log-in."
        )
    Staff(username=subject).clean_fields(exclude={"password"})
    return _ask(Approval(kind=kind, subject=subject, role=role, asked_by=by, asked_at=now), now)


def ask_about(kind: ApprovalKind, subject: str, by: Staff, now: datetime) -> Approval:
    """One person asks something about material of a case, which `subject` names."""
    return _ask(Approval(kind=kind, subject=subject, asked_by=by, asked_at=now), now)


def _ask(asked: Approval, now: datetime) -> Approval:
    asked.clean_fields()
    with transaction.atomic():
        asked.save()
        journal.write(
            "approval:person:asked",
            journal.about("approval", asked.pk),
            now,
            kind=asked.kind,
            staff=asked.asked_by_id,
        )
    return asked


def decide(number: int, by: Staff, *, allowed: bool, now: datetime) -> tuple[Approval, str]:
    """Another person decides. What is allowed is done at once. Raises NotAllowed.

    Also returned: the code on paper with which a new member of staff enrols, shown this once; empty where there is none.
    """
    with transaction.atomic():
        asked = Approval.objects.select_for_update().filter(pk=number).first()
        if asked is None or asked.decided_at is not None:
            raise NotAllowed("it was decided already")
        if asked.asked_by_id == by.pk or by.role != DECIDED_BY[ApprovalKind(asked.kind)]:
            raise NotAllowed("another person with the right role decides this")
        asked.decided_by, asked.decided_at, asked.allowed = by, now, allowed
        asked.save()
        paper = _carry_out(asked, now) if allowed else ""
        about = journal.about("approval", asked.pk)
        journal.write("approval:person:decided", about, now, kind=asked.kind, staff=by.pk, allowed=allowed)
    return asked, paper


def enrol(username: str, paper: str, password: str, now: datetime) -> Staff:
    """A new member of staff sets a password with the code on paper. Raises WrongEnrolment, ValidationError."""
    given = _digest("".join(paper.split()).upper())
    with transaction.atomic():
        staff = Staff.objects.select_for_update().filter(username=username, is_active=True).first()
        kept = staff.enrol_digest if staff and staff.enrol_until and now < staff.enrol_until else ""
        if staff is None or not hmac.compare_digest(kept or "-", given):
            raise WrongEnrolment("this name and this code do not fit together, or the code is too old")
        validate_password(password, staff)
        staff.set_password(password)
        staff.enrol_digest, staff.enrol_until = "", None
        staff.save()
        _tell("staff:account:enrolled", staff, now)
    return staff


def _carry_out(asked: Approval, now: datetime) -> str:
    match ApprovalKind(asked.kind):
        case ApprovalKind.LOOK_MORE:
            return ""  # the budget counts what was allowed today
        case ApprovalKind.VERIFY | ApprovalKind.LEGAL_ORDER:
            return ""  # the feed finds what was allowed
        case ApprovalKind.CLOSE:
            close_account(Staff.objects.get(username=asked.subject), now)
            return ""
        case ApprovalKind.ADD_STAFF:
            staff = Staff(username=asked.subject, date_joined=now, role=asked.role)
            staff.set_unusable_password()
            staff.save()
            _tell("staff:account:added", staff, now, role=staff.role)
        case ApprovalKind.CHANGE_ROLE:
            staff = Staff.objects.get(username=asked.subject)
            Staff.objects.filter(pk=staff.pk).update(role=asked.role)
            _tell("staff:role:changed", staff, now, role=asked.role)
            return ""
        case ApprovalKind.RENEW:
            staff = Staff.objects.get(username=asked.subject)
            staff.set_unusable_password()
            _renew(staff, now)
    paper = secrets.token_hex(8).upper()
    staff.enrol_digest, staff.enrol_until = _digest(paper), now + ENROL_WITHIN
    staff.save()
    return paper


def _renew(staff: Staff, now: datetime) -> None:
    staff.code_seed, staff.code_step, staff.failures, staff.not_before = new_seed(), 0, 0, None
    staff.save()
    staff.passkeys.all().delete()
    _tell("staff:keys:renewed", staff, now)


def _digest(paper: str) -> str:
    return hashlib.sha256(paper.encode()).hexdigest()


def _tell(tag: str, staff: Staff, now: datetime, **data: object) -> None:
    journal.write(tag, journal.about("staff", staff.pk), now, **data)
