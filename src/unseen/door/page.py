"""What all public pages share: their headers, their frame, and the way to the other language."""

import functools
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import translate_url
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from unseen.door.visit import remember

View = Callable[..., HttpResponse]
DEVICE_SCRIPT = "web/device/door.js"
_LANGUAGES = {"en": "ko", "ko": "en"}
_NOTHING = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()"
)
# Frames of a film are read through an address that the page itself makes (blob:) and that never leaves it.
_COMPUTES = {"script-src": ["'wasm-unsafe-eval'"], "worker-src": [SELF], "media-src": ["blob:"]}
_HEADERS = {
    "Cache-Control": "no-store",
    "Permissions-Policy": _NOTHING,
    # The desk's own forms need their origin; the door's carry their proof in themselves.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def public(view: View) -> View:
    """A page for anybody. Its forms are signed with a cookie of their own instead of Django's token (decision 0042)."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except (RequestDataTooBig, TooManyFieldsSent):
            answer = shown(request, "too_big", status=413)
        for name, value in _HEADERS.items():
            answer[name] = value
        return answer

    return csrf_exempt(wrapped)


def language() -> str:
    """The language of this page: "en" or "ko"."""
    return (get_language() or "en")[:2]


def shown(
    request: HttpRequest, template: str, facts: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page without anything signed."""
    other = _LANGUAGES.get(language(), "en")
    frame = {"other_language": other, "other_address": translate_url(request.path, other)}
    return render(request, f"door/{template}.html", {**frame, **(facts or {})}, status=status)


def shown_to_visitor(
    request: HttpRequest, template: str, facts: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page with something signed, or one that begins what will be: the browser is given its key."""
    answer = shown(request, template, facts, status=status)
    remember(request, answer)
    return answer


def shown_with_device(request: HttpRequest, template: str, facts: Mapping[str, Any]) -> HttpResponse:
    """The one page on which the device computes: it may run WASM and a worker of ours, and still nothing of others."""

    def page(request: HttpRequest) -> HttpResponse:
        return shown_to_visitor(request, template, facts)

    answer = csp_update(_COMPUTES)(page)(request)
    assert isinstance(answer, HttpResponse), "the page above gives one"
    return answer


def shown_at_once(request: HttpRequest, template: str, facts: Mapping[str, Any]) -> HttpResponse:
    """The first page: it holds its style and script, for on a slow network every further request takes half a second.

    The policy names their digests (Content Security Policy 3, 8.4), so nothing else may stand inside the page.
    """
    style, script = _inside("door/door.css"), _inside("door/away.js")

    def page(request: HttpRequest) -> HttpResponse:
        return shown_to_visitor(request, template, {**facts, "style": style.text, "script": script.text})

    answer = csp_update({"style-src": [style.source], "script-src": [script.source]})(page)(request)
    assert isinstance(answer, HttpResponse), "the page above gives one"
    return answer


@dataclass(frozen=True, slots=True)
class _Inside:
    text: str
    source: str  # as a policy names it


@functools.cache
def _inside(name: str) -> _Inside:
    path = finders.find(name)
    assert path is not None, f"{name} ships with the door"
    content = Path(path).read_bytes()
    return _Inside(content.decode(), f"'sha256-{b64encode(sha256(content).digest()).decode()}'")


@functools.cache
def has_device_script() -> bool:
    """Whether the script that makes fingerprints on the device was built (`make browser`)."""
    return finders.find(DEVICE_SCRIPT) is not None
