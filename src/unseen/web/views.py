"""Pages that belong to no stage: one's own account with one's own exposure, and the choice of a language."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from unseen.accounts.models import staff_of
from unseen.accounts.permissions import reach_of
from unseen.accounts.queries import passkeys_of
from unseen.casework import queries as casework
from unseen.clock import now


@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """What a person may do, had to see, and logs in with. Nobody else sees this page."""
    staff, at = staff_of(request.user), now()
    may_look = reach_of(staff.role, "look") is not None
    context = {
        "staff": staff,
        "passkeys": passkeys_of(staff),
        "looks_max": casework.looks_max(staff, at) if may_look else 0,
        "looks_today": casework.looks_since(staff, at - timedelta(days=1)),
        "looks_week": casework.looks_since(staff, at - timedelta(days=7)),
        "may_ask": may_look and casework.looks_left(staff, at) <= 0,
    }
    return render(request, "accounts/account.html", context)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Go on in another language, on the same page. Kept with the log-in; a stranger's browser says what it wants."""
    wanted, back = str(request.POST.get("language", "")), str(request.POST.get("next", ""))
    if wanted in dict(settings.LANGUAGES) and request.user.is_authenticated:
        request.session["language"] = wanted
    # What is no path would be taken for the name of a route.
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    return redirect(back)
