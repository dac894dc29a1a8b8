"""The two ways to be let in. Each asks for two factors, so that nobody is ever logged in with one."""

from datetime import datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from unseen.accounts import actions
from unseen.accounts.models import Passkey, Staff


class PasswordAndCode(ModelBackend):
    """A password and a one-time code, checked together: nobody learns which of the two was wrong."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        code: str = "",
        now: datetime | None = None,
        **_: Any,
    ) -> Staff | None:
        """The member of staff with this name, password and code; None otherwise, and after too many failures."""
        if not username or password is None or now is None:
            return None
        staff = Staff.objects.filter(username=username).first()
        if staff is None:
            Staff().set_password(password)  # as long as a wrong password takes
            return None
        fits = staff.check_password(password)
        if staff.not_before is not None and now < staff.not_before:
            return None
        # A code is used up only with the right password: a stranger cannot use up somebody's codes.
        if not (fits and self.user_can_authenticate(staff) and actions.take_code(staff, code, now)):
            actions.note_failure(staff, now)
            return None
        actions.note_log_in(staff, now, "code")
        return staff


class ByPasskey(ModelBackend):
    """A passkey that was verified with its owner present: the key is one factor, finger or PIN the other."""

    def authenticate(  # type: ignore[override] # a passkey is asked for here, no name and no password
        self,
        request: HttpRequest | None,
        passkey: Passkey | None = None,
        uses: int = 0,
        now: datetime | None = None,
        **_: Any,
    ) -> Staff | None:
        """The owner of the verified passkey; None when the account was closed or the key exists twice."""
        if passkey is None or now is None or not self.user_can_authenticate(passkey.staff):
            return None
        if not actions.note_use(passkey, uses):
            return None
        actions.note_log_in(passkey.staff, now, "passkey")
        return passkey.staff
