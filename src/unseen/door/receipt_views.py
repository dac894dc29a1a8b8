"""Coming back: what became of a report, messages, consents, a paper for the police, and saying stop."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from unseen.clock import now
from unseen.domain.limits import MESSAGE_CHARACTERS_MAX, VISIT_LASTS
from unseen.domain.report import AgeBand
from unseen.door.answers import consents_from
from unseen.door.budget import wait_before_opening_s
from unseen.door.page import public, shown, shown_to_visitor
from unseen.door.papers import CannotPrint, police_paper
from unseen.door.status import status_of
from unseen.door.visit import COOKIE, Expired, read_signed, sign
from unseen.intake import actions, queries
from unseen.intake.models import Report
from unseen.intake.receipts import read_receipt

_PURPOSE = "case"
_TOO_MANY = 429


@public
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Where a receipt is typed."""
    return shown_to_visitor(request, "come_back", {})


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest) -> HttpResponse:
    """The pages behind a receipt. Without one, or half an hour after the last page, the receipt is asked for."""
    if request.method != "POST":
        return redirect("door_receipt")
    if "receipt" in request.POST:
        return _open(request)
    try:
        known = read_signed(request, _PURPOSE, request.POST.get("state", ""), VISIT_LASTS)
    except Expired:
        return shown(request, "expired", {"with_receipt": True}, status=410)
    report = Report.objects.filter(pk=known["report"]).first()
    if report is None:
        return shown(request, "expired", {"with_receipt": True}, status=410)
    return _DOES.get(request.POST.get("do", ""), _show)(request, report)


def _open(request: HttpRequest) -> HttpResponse:
    """A known and an unknown receipt cost the same and are answered alike; only what cannot be one is told apart."""
    receipt = read_receipt(request.POST.get("receipt", ""))
    if receipt is None:
        words = _(
            "This cannot be a receipt yet: it has twelve words, or 24 letters and digits. Please look again."
        )
        return shown_to_visitor(request, "come_back", {"problem": words}, status=422)
    wait_s = wait_before_opening_s(request.META, receipt.locator, now())
    if wait_s:
        return shown_to_visitor(request, "come_back", {"wait_s": wait_s}, status=_TOO_MANY)
    report = queries.report_with(receipt, request.POST.get("pin", "").strip())
    if report is None:
        words = _("This receipt opens nothing. Please check each word, and the PIN if you chose one.")
        return shown_to_visitor(request, "come_back", {"problem": words}, status=422)
    return _show(request, report)


def _show(request: HttpRequest, report: Report, **more: Any) -> HttpResponse:
    facts = {
        "state": sign(request, _PURPOSE, {"report": str(report.pk)}),
        "report": report,
        "status": status_of(report),
        "is_adult": report.age_band == AgeBand.ADULT,
        "messages_so_far": queries.messages_of(report),
        "message_characters_max": MESSAGE_CHARACTERS_MAX,
        **more,
    }
    return shown_to_visitor(request, "case", facts)


def _say(request: HttpRequest, report: Report) -> HttpResponse:
    text = request.POST.get("text", "")
    mine = [one.text for one in queries.messages_of(report) if not one.from_centre]
    if mine[-1:] == [text.replace("\r\n", "\n").strip()]:
        return _show(request, report)  # the page was sent twice
    try:
        actions.say(report, text, from_centre=False, now=now())
    except actions.NotTaken:
        words = _("The message was not sent: it is empty, too long, or the report was stopped.")
        return _show(request, report, problem=words, typed=text)
    return _show(request, report, done=_("Your message is with the centre."))


def _consent(request: HttpRequest, report: Report) -> HttpResponse:
    actions.consent(report, **consents_from(request.POST), now=now())
    report.refresh_from_db()
    return _show(request, report, done=_("We keep to this from now on."))


def _ask_to_stop(request: HttpRequest, report: Report) -> HttpResponse:
    facts = {"state": sign(request, _PURPOSE, {"report": str(report.pk)})}
    return shown_to_visitor(request, "stop", facts)


def _stop(request: HttpRequest, report: Report) -> HttpResponse:
    actions.withdraw_report(report, now())
    return shown(request, "stopped", {})


def _police(request: HttpRequest, report: Report) -> HttpResponse:
    try:
        pdf = police_paper(report, now())
    except CannotPrint:
        return _show(
            request, report, problem=_("The paper could not be made. Please tell the centre in a message.")
        )
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="paper.pdf"'
    return answer


_DOES: Mapping[str, Callable[[HttpRequest, Report], HttpResponse]] = {
    "say": _say,
    "consent": _consent,
    "stop": _ask_to_stop,
    "stop-sure": _stop,
    "police": _police,
}


@public
@require_safe
def away(request: HttpRequest) -> HttpResponse:
    """Leave at once: what this browser holds of us is thrown away, and it goes to a page that says nothing."""
    target = settings.UNSEEN.exit_address
    answer = redirect(target) if target else shown(request, "away")
    answer.delete_cookie(COOKIE, samesite="Strict")
    answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
