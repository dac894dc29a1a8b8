"""Staff of the centre, their passkeys, and what two of them decide together. Reporters have no account."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff is here for. One each: nobody both asks for something and approves it."""

    INTAKE = "intake", _("intake")
    CASEWORKER = "caseworker", _("caseworker")
    REVIEWER = "reviewer", _("reviewer")
    PUBLISHER = "publisher", _("publisher")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


def new_seed() -> str:
    """What a one-time-code key is made from, together with the centre's secret key. Alone it says nothing."""
    return secrets.token_hex(16)


class Staff(AbstractUser):
    """A person who works at the centre."""

    role = models.CharField(max_length=20, choices=Role.choices, blank=True, default="")
    code_seed = models.CharField(max_length=32, default=new_seed)
    # The step of the last code that was taken: no code opens the desk twice (RFC 6238, 5.2).
    code_step = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # in a row
    not_before = models.DateTimeField(null=True, blank=True)  # after failures: no try counts until then
    enrol_digest = models.CharField(max_length=64, blank=True, default="")  # SHA-256 of the code on paper
    enrol_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Plain words for the desk."""

        verbose_name = "member of staff"
        verbose_name_plural = "staff"


class Passkey(models.Model):
    """A WebAuthn credential of a member of staff. Its secret half never leaves the key."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1_023, unique=True)  # WebAuthn Level 2, 6.4.1
    credential = models.BinaryField()  # attested credential data, with the public key
    uses = models.PositiveBigIntegerField(default=0)  # the signature counter of the key
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"passkey {self.pk}"


class ApprovalKind(models.TextChoices):
    """What one person asks for and another allows."""

    ADD_STAFF = "add_staff", _("Add a member of staff")
    CHANGE_ROLE = "change_role", _("Change a role")
    RENEW = "renew", _("A new start after a lost key")
    CLOSE = "close", _("Close an account")
    LOOK_MORE = "look_more", _("More looks today")
    VERIFY = "verify", _("This material is what it is said to be")
    LEGAL_ORDER = "legal_order", _("A legal order about this material")


class Approval(models.Model):
    """Something that needs two people: asked by one, decided by another."""

    kind = models.CharField(max_length=20, choices=ApprovalKind.choices)
    subject = models.CharField(max_length=150)  # the name to log in with of whom it is about
    role = models.CharField(max_length=20, choices=Role.choices, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    allowed = models.BooleanField(default=False)

    class Meta:
        """Two people, always."""

        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="two_people"
            ),
            models.CheckConstraint(
                condition=Q(allowed=False) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="allowed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"approval {self.pk}"


def staff_of(person: Any) -> Staff:
    """The member of staff behind a request. Every page that asks stands behind the log-in."""
    assert isinstance(person, Staff), "this page stands behind the log-in"
    return person
