"""The pages of log-in, of one's own account, and of what two people decide together."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unseen.accounts import actions, codes, passkeys, queries
from unseen.accounts.models import ApprovalKind, Role, staff_of
from unseen.accounts.permissions import reach_of
from unseen.clock import now

_COOKIE, _COOKIE_AGE_S = "passkey", 120  # a person looks for her key; nobody needs longer
_WITH_A_ROLE = (ApprovalKind.ADD_STAFF, ApprovalKind.CHANGE_ROLE)
_ASKED_ELSEWHERE = {ApprovalKind.LOOK_MORE, *actions.ABOUT_MATERIAL}
_HOMES = ("today", "numbers", "journal", "staff")


class LogInForm(forms.Form):
    """Name, password and one-time code. Which of them was wrong is not said."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(max_length=4_096, strip=False)
    code = forms.CharField(max_length=20)

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean(self) -> dict[str, Any]:
        """Let both factors be checked at once."""
        given = self.cleaned_data
        if given.keys() >= {"username", "password", "code"}:
            found = authenticate(self._request, **given, now=now())
            if found is None:
                raise ValidationError("they do not fit together")
            given["staff"] = found
        return given

    def get_user(self) -> Any:
        """Who logged in, as Django's view asks for it."""
        return self.cleaned_data["staff"]


@method_decorator((sensitive_post_parameters("password", "code"), never_cache), name="dispatch")
class LogIn(LoginView):
    """Name, password and code of a member of staff, or her passkey."""

    template_name = "accounts/log_in.html"
    authentication_form = LogInForm  # type: ignore[assignment] # Django's own form knows no code

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """On a new desk, whoever comes first must learn that nobody can log in yet, and what to do."""
        return {**super().get_context_data(**kwargs), "nobody_yet": not queries.anybody_can_log_in()}


class EnrolForm(forms.Form):
    """What a new member of staff types: her name, the code on paper, and a password of her own."""

    username = forms.CharField(max_length=150)
    paper = forms.CharField(max_length=40)
    password = forms.CharField(max_length=4_096, strip=False)


class AskForm(forms.Form):
    """What an administrator may ask another one for."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in ApprovalKind if kind not in _ASKED_ELSEWHERE]
    )
    subject = forms.CharField(max_length=150)
    role = forms.ChoiceField(required=False, choices=Role.choices)


@never_cache
@require_GET
def passkey_asked(request: HttpRequest) -> HttpResponse:
    """What the browser must ask its keys for a log-in."""
    return _asked(passkeys.ask_for_any(_host(request)))


@never_cache
@require_POST
def passkey_login(request: HttpRequest) -> HttpResponse:
    """Let in whose passkey answered truly."""
    answer = str(request.POST.get("answer", ""))
    found = None
    try:
        known = queries.passkey_with(passkeys.claimed_id(answer))
        if known is not None:
            uses = passkeys.uses_shown(_host(request), _kept(request), answer, bytes(known.credential))
            found = authenticate(request, passkey=known, uses=uses, now=now())
    except passkeys.NotTrue:
        found = None
    if found is None:
        return _no_passkey(request)
    login(request, found)
    return _without_cookie(redirect("home"))


@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "paper")
def enrol(request: HttpRequest) -> HttpResponse:
    """A new member of staff comes with the code on paper, and gets the key for her authenticator, once."""
    form = EnrolForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            staff = actions.enrol(given["username"], given["paper"], given["password"], now())
        except actions.WrongEnrolment:
            context["trouble"] = _("This name and this code do not fit together, or the code is too old.")
        except ValidationError as error:
            context["trouble"] = " ".join(error.messages)
        else:
            context["key"] = codes.key_words(staff.code_seed)
            context["uri"] = codes.key_uri(staff.username, staff.code_seed)
    return render(request, "accounts/enrol.html", context)


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the first page of this person's work."""
    role = staff_of(request.user).role
    return redirect(next((name for name in _HOMES if reach_of(role, name)), "account"))


@never_cache
@require_GET
def passkey_begin(request: HttpRequest) -> HttpResponse:
    """What the browser must ask a new key."""
    staff = staff_of(request.user)
    known = [bytes(one.credential) for one in queries.passkeys_of(staff)]
    return _asked(passkeys.ask_for_new(_host(request), staff.username, staff.pk, known))


@require_POST
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Keep the key that the browser just made. It takes a one-time code: a desk left open gives no key away."""
    staff, at = staff_of(request.user), now()
    if not actions.take_code(staff, str(request.POST.get("code", ""))[:20], at):
        messages.error(request, _("Nothing was stored: type the code that your authenticator shows now."))
        return redirect("account")
    try:
        key = passkeys.new_key(_host(request), _kept(request), str(request.POST.get("answer", "")))
        actions.add_passkey(staff, key.credential_id, key.credential, at)
    except (passkeys.NotTrue, IntegrityError):
        messages.error(request, _("Nothing was stored: the key did not answer. Please try again."))
    else:
        messages.success(request, _("The passkey is stored."))
    return _without_cookie(redirect("account"))


@require_POST
def passkey_remove(request: HttpRequest, passkey: int) -> HttpResponse:
    """One of this person's own passkeys opens nothing any more."""
    if actions.remove_passkey(staff_of(request.user), passkey, now()):
        messages.success(request, _("The passkey is removed."))
    return redirect("account")


@never_cache
@require_GET
def staff_page(request: HttpRequest) -> HttpResponse:
    """Everybody who may log in, and the form to ask for a change. No case stands here."""
    context = {"everybody": queries.everybody(), "kinds": AskForm.base_fields["kind"], "roles": Role.choices}
    return render(request, "accounts/staff_page.html", context)


@require_POST
def staff_ask(request: HttpRequest) -> HttpResponse:
    """One administrator asks; another decides."""
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was asked: fill in every field."))
        return redirect("staff")
    given = form.cleaned_data
    kind = ApprovalKind(given["kind"])
    if kind in _WITH_A_ROLE and not given["role"]:
        messages.error(request, _("Nothing was asked: choose a role."))
        return redirect("staff")
    try:
        actions.ask(kind, given["subject"], staff_of(request.user), now(), given["role"])
    except ValidationError as error:
        messages.error(request, _("Nothing was asked.") + " " + " ".join(error.messages))
    else:
        messages.success(request, _("It is asked. Another administrator decides."))
    return redirect("staff")


@require_POST
def ask_looks(request: HttpRequest) -> HttpResponse:
    """A caseworker asks a reviewer for more looks today."""
    staff = staff_of(request.user)
    actions.ask(ApprovalKind.LOOK_MORE, staff.username, staff, now())
    messages.success(request, _("It is asked. A reviewer decides."))
    return redirect("account")


@never_cache
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for this person's yes or no."""
    staff = staff_of(request.user)
    kinds = [kind for kind, role in actions.DECIDED_BY.items() if role == staff.role]
    context = {"waiting": queries.waiting(kinds), "paper": "", "staff": staff}
    return render(request, "accounts/approvals.html", context)


@never_cache
@require_POST
def decide(request: HttpRequest, approval: int) -> HttpResponse:
    """Yes or no. The code on paper is shown on this page only."""
    staff, allowed = staff_of(request.user), request.POST.get("allowed") == "yes"
    try:
        asked, paper = actions.decide(approval, staff, allowed=allowed, now=now())
    except actions.NotAllowed:
        messages.error(
            request, _("Nothing was stored: another person decides this, or it was decided already.")
        )
        return redirect("approvals")
    if not paper:
        messages.success(request, _("Your answer is stored."))
        return redirect("approvals")
    return render(request, "accounts/approvals.html", {"asked": asked, "paper": paper, "waiting": []})


def _host(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0]


def _asked(asked: passkeys.Asked) -> HttpResponse:
    """The question; what must be kept travels in a signed cookie, so that strangers make us store nothing."""
    answer = HttpResponse(asked.question, content_type="application/json")
    answer.set_signed_cookie(
        _COOKIE,
        asked.kept,
        max_age=_COOKIE_AGE_S,
        httponly=True,
        samesite="Strict",
        secure=_secure(),
    )
    return answer


def _secure() -> bool:
    return bool(settings.SESSION_COOKIE_SECURE)


def _kept(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(_COOKIE, default="", max_age=_COOKIE_AGE_S))


def _no_passkey(request: HttpRequest) -> HttpResponse:
    messages.error(
        request,
        gettext_lazy("This passkey does not open the desk. Try again, or use your password and code."),
    )
    return _without_cookie(redirect("login"))


def _without_cookie(answer: HttpResponseRedirect) -> HttpResponse:
    answer.delete_cookie(_COOKIE)
    return answer
