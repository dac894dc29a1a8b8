"""What a page hands to the next one: the answers so far, or the right to see one report, signed inside the form itself.

Nothing is stored anywhere before the last page. It is signed with a random cookie that lives as long as the browser
is open and is thrown away by *leave this page*: without it no page of the way back can be read again
(docs/decisions/0042-*.md).
"""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "visit"
_COOKIE_BYTES = 24
_MADE_BY_US = re.compile(r"[A-Za-z0-9_-]{32}")


class Expired(Exception):
    """What came back is old, or of another browser, or was altered: the page must be begun again."""


def key_of(request: HttpRequest) -> str:
    """The key of this browser; a new one where it brings none of ours."""
    brought = request.COOKIES.get(COOKIE, "")
    known: str = request.META.get(COOKIE, "")  # made earlier in this same request
    if not known:
        known = brought if _MADE_BY_US.fullmatch(brought) else secrets.token_urlsafe(_COOKIE_BYTES)
        request.META[COOKIE] = known
    return known


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser its key: no script reads it, no other site sends it, closing the browser ends it."""
    response.set_cookie(
        COOKIE,
        key_of(request),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def sign(request: HttpRequest, purpose: str, facts: Mapping[str, Any]) -> str:
    """These facts as a text that only this browser can bring back, and nobody can alter."""
    return signing.dumps(dict(facts), salt=f"{purpose}.{key_of(request)}", compress=True)


def read_signed(request: HttpRequest, purpose: str, signed: str, lasts: timedelta) -> dict[str, Any]:
    """The facts again. A browser without the cookie has a new key, under which nothing opens. Raises Expired."""
    try:
        facts: dict[str, Any] = signing.loads(signed, salt=f"{purpose}.{key_of(request)}", max_age=lasts)
    except signing.BadSignature:
        raise Expired from None
    return facts
