"""The one lock of the desk: every request passes the table of routes and roles, or is refused."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from unseen.accounts.models import Staff
from unseen.accounts.permissions import PUBLIC, PUBLIC_NAMESPACES, Reach, reach_of
from unseen.casework import queries as casework
from unseen.clock import now
from unseen.domain.limits import DESK_IDLE_MAX, DESK_OPEN_MAX

# What an address names, and who took on the case behind it.
_PERSON_OF: Mapping[str, Callable[[Any], list[int | None]]] = MappingProxyType(
    {"number": casework.person_of_item, "reference": casework.person_of_case}
)
_BY_ITSELF = {"live"}  # asked by the page, not by a person: it does not keep an empty desk open
_NOTED_AFTER_S = 60  # so that not every page costs a write


class AccessMiddleware:
    """Refuses a route without a row, a role without a mark in it, and somebody else's case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass it on, in the language that was chosen after the log-in; the route is known only in `process_view`."""
        # A stranger's request does not even ask for a session.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and (chosen := request.session.get("language")):
            translation.activate(chosen)
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """None lets the request through. Another case is answered like one that does not exist."""
        match = request.resolver_match
        route = (match.url_name or "") if match else ""
        if route in PUBLIC or (match and set(match.namespaces) & PUBLIC_NAMESPACES):
            return None
        person = request.user
        if not isinstance(person, Staff) or _is_over(request, now(), route):
            return redirect_to_login(request.get_full_path())
        reach = reach_of(person.role, route)
        if reach is None:
            raise PermissionDenied
        if reach is Reach.OWN:
            for name in kwargs.keys() & _PERSON_OF.keys():
                owners = _PERSON_OF[name](kwargs[name])
                if any(owner not in (None, person.pk) for owner in owners):
                    raise Http404("there is no such case")
        return None


def _is_over(request: HttpRequest, at: datetime, route: str) -> bool:
    """Whether this log-in lasted too long, or nobody was here for a while; it is then ended."""
    session = request.session
    since = datetime.fromisoformat(session.setdefault("since", at.isoformat()))
    seen = datetime.fromisoformat(session.setdefault("seen", at.isoformat()))
    if at - since > DESK_OPEN_MAX or at - seen > DESK_IDLE_MAX:
        logout(request)
        return True
    if route not in _BY_ITSELF and (at - seen).total_seconds() > _NOTED_AFTER_S:
        session["seen"] = at.isoformat()
    return False
