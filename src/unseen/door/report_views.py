"""The way of a report: a start, one question a page, and a receipt. Nothing is stored before the last page."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from unseen.clock import now
from unseen.domain.limits import DRAFT_LASTS
from unseen.domain.report import AgeBand
from unseen.door.answers import Answers, Step, Unclear, answered, following, pin_from
from unseen.door.budget import wait_before_filing_s
from unseen.door.help import helplines
from unseen.door.page import (
    has_device_script,
    language,
    public,
    shown,
    shown_at_once,
    shown_to_visitor,
    shown_with_device,
)
from unseen.door.places import places_of
from unseen.door.visit import Expired, read_signed, sign
from unseen.door.words import device_words
from unseen.intake.actions import receive_report
from unseen.intake.receipts import receipt_from

_PURPOSE = "report"
_TOO_MANY = 429


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Two ways in, and a third."""
    return shown_at_once(request, "start", {"helplines": helplines(language())})


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """One question after the other. Whoever comes without answers begins at the start."""
    if request.method != "POST":
        return redirect("door")
    who = request.POST.get("who", "")
    if who in ("me", "another"):
        return _page(request, Step.AGE, Answers(for_another=who == "another"))
    try:
        before = Answers(**read_signed(request, _PURPOSE, request.POST.get("state", ""), DRAFT_LASTS))
        step = Step(request.POST.get("step", ""))
    except (Expired, ValueError):
        return shown(request, "expired", status=410)
    return _next(request, step, before)


def _next(request: HttpRequest, step: Step, before: Answers) -> HttpResponse:
    form, ports = request.POST, frozenset(settings.UNSEEN.fetch_ports)
    if form.get("go") == "same":
        return _page(request, step, before)
    if form.get("go") == "back":
        earlier = following(step, back=True)
        return redirect("door") if earlier is None else _page(request, earlier, before)
    try:
        after = answered(step, before, form, ports)
        if step is Step.CHECK:
            return _sent(request, after, form, ports)
    except Unclear as error:
        return _page(request, step, before, problem=str(error), typed=form)
    following_step = following(step, back=False)
    assert following_step is not None, "the last page sends"
    return _page(request, following_step, after)


def _page(
    request: HttpRequest,
    step: Step,
    answers: Answers,
    *,
    problem: str = "",
    typed: Mapping[str, Any] | None = None,
    wait_s: int = 0,
) -> HttpResponse:
    places = places_of(answers.locations, is_adult=answers.is_adult)
    facts: dict[str, Any] = {
        "step": step,
        "number": list(Step).index(step) + 1,
        "steps": len(Step),
        "answers": answers,
        "state": sign(request, _PURPOSE, answers.facts()),
        "problem": problem,
        "typed": typed or {},
        "wait_s": wait_s,
        "ages": AgeBand,
        "places": places,
        "hosts": list(dict.fromkeys(place.host for place in places)),
        "helplines": helplines(language()),
    }
    if step is Step.PICTURES and has_device_script():
        return shown_with_device(request, "report_pictures", {**facts, "device_words": device_words()})
    status = _TOO_MANY if wait_s else 422 if problem else 200
    return shown_to_visitor(request, f"report_{step}", facts, status=status)


def _sent(request: HttpRequest, answers: Answers, form: QueryDict, ports: frozenset[int]) -> HttpResponse:
    """Stored, and the receipt is shown. Whoever sends the same form again is shown the same receipt."""
    pin = pin_from(form)
    wait_s = wait_before_filing_s(request.META, now())
    if wait_s:
        return _page(request, Step.CHECK, answers, wait_s=wait_s)
    try:
        receipt = receive_report(
            answers.report(ports),
            may_share=answers.may_share,
            may_watch=answers.may_watch,
            may_tell_police=answers.may_tell_police,
            receipt=receipt_from(bytes.fromhex(answers.seed)),
            pin=pin,
            now=now(),
        )
    except DatabaseError:
        raise Unclear(
            _(
                "We could not store this, and nothing of it was kept. Please press the button again in a minute."
            )
        ) from None
    facts = {
        "words": receipt.words(language()),
        "letters": receipt.text,
        "has_pin": bool(pin),
        "answers": answers,
        "helplines": helplines(language()),
    }
    return shown_to_visitor(request, "receipt", facts)
