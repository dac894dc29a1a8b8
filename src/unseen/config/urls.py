"""Which path leads to which stage's pages."""

import logging
from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from unseen.domain.limits import REPORT_SIZE_BYTES_MAX
from unseen.exchange.peers.stopncii.views import router as stopncii_router
from unseen.exchange.views import router as exchange_router
from unseen.intake.views import router as intake_router

log = logging.getLogger(__name__)


class _Api(NinjaAPI):
    """Every answer is for the one who asked: no browser and no proxy in between may keep it (RFC 9111, 5.2.2.5)."""

    def create_response(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        answer = super().create_response(request, *args, **options)
        answer["Cache-Control"] = "no-store"
        return answer


api = _Api(title="Unseen", version="1", docs_url=None, openapi_url="/openapi.json")
api.add_router("/intake", intake_router)

# What peers speak has a version of its own: their programs are not changed on the same day as ours.
peers_api = _Api(
    title="Unseen exchange",
    version="1",
    urls_namespace="exchange-1",
    docs_url=None,
    openapi_url="/openapi.json",
)
peers_api.add_router("", exchange_router)
# StopNCII's routes, under the path that its client expects.
stopncii_api = _Api(
    title="Unseen in StopNCII's words",
    version="1",
    urls_namespace="stopncii-1",
    docs_url=None,
    openapi_url="/openapi.json",
)
stopncii_api.add_router("", stopncii_router)


@peers_api.exception_handler(AuthenticationError)
def not_known(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No key, a wrong or a revoked one, or a signature that is not believed: which of them is not said."""
    problem = "no peer asks so: send the key of your invitation, or sign the request (docs/exchange.md)"
    return peers_api.create_response(request, {"problem": problem}, status=401)


@peers_api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names the field and the rule, and repeats nothing of what came."""
    found = (f"{one['loc'][-1]}: {one['type']}" for one in error.errors)
    problem = f"this does not follow docs/exchange.md: {', '.join(found)}"
    return peers_api.create_response(request, {"problem": problem}, status=422)


@peers_api.exception_handler(HttpError)
def not_readable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON."""
    problem = "the body is no JSON: see docs/exchange.md"
    return peers_api.create_response(request, {"problem": problem}, status=error.status_code)


@api.exception_handler(RequestDataTooBig)
@peers_api.exception_handler(RequestDataTooBig)
@stopncii_api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """The server did not even read it."""
    problem = f"the body is too large; at most {REPORT_SIZE_BYTES_MAX} bytes are taken: send several reports"
    return api.create_response(request, {"problem": problem}, status=400)


@api.exception_handler(DatabaseError)
@peers_api.exception_handler(DatabaseError)
@stopncii_api.exception_handler(DatabaseError)
def not_stored(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """A full disk, or a database that went away: whoever asked must not believe that anything was kept."""
    log.error("the database cannot be used", extra={"error": type(error).__name__})
    problem = "the centre could not store this, and nothing of it was kept: please send it again later"
    return api.create_response(request, {"problem": problem}, status=503)


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("exchange/v1/", peers_api.urls),
    path("v1/", stopncii_api.urls),
    path("", include("unseen.web.urls")),
    *i18n_patterns(path("", include("unseen.door.urls"))),
]
