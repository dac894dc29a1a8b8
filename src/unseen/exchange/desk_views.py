"""The desk's pages of the exchange: doubts of platforms, and the two people who verify a material."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from unseen.accounts.models import ApprovalKind, staff_of
from unseen.casework.models import Case
from unseen.casework.queries import case_called
from unseen.clock import now
from unseen.domain.limits import DOCUMENT_CHARACTERS_MAX
from unseen.exchange import desk
from unseen.exchange.actions import feedback, verifying

SHOWN_MAX = 100
_ANSWERS = {"uphold": True, "lift": False}


@never_cache
@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """What platforms doubt, the longest waiting first."""
    rows = desk.disputes_for(staff_of(request.user)).prefetch_related("feed_entry__feedback__peer")
    return render(request, "exchange/disputes.html", {"disputes": rows[:SHOWN_MAX]})


@require_POST
def dispute(request: HttpRequest, reference: str, dispute: int) -> HttpResponse:
    """A person decides what a platform doubted."""
    found = desk.dispute_of(_case(reference), dispute)
    answer = _ANSWERS.get(str(request.POST.get("answer", "")))
    if found is None or answer is None:
        messages.error(request, _("Nothing was stored: it was decided already."))
        return redirect("case", reference)
    try:
        feedback.decide(found, upheld=answer, staff=staff_of(request.user), now=now())
    except feedback.AlreadyDecided:
        messages.error(request, _("Nothing was stored: it was decided already."))
    else:
        messages.success(request, _("Your answer is stored; platforms learn it within a minute."))
    return redirect("case", reference)


@require_POST
def verify(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """Ask another person to confirm a material, or to record a legal order about it."""
    case = _case(reference)
    material, kind = desk.material_of(case, position), str(request.POST.get("kind", ""))
    document = str(request.POST.get("document", "")).replace("\x00", "")[: DOCUMENT_CHARACTERS_MAX + 1]
    try:
        if material is None or kind not in verifying.LEVEL_OF or case.withdrawn_at is not None:
            raise verifying.NotAsked("there is nothing to verify")  # noqa: TRY301 - the same answer for all that cannot be asked
        verifying.ask_for(material, ApprovalKind(kind), document, staff_of(request.user), now())
    except verifying.NotAsked:
        messages.error(
            request, _("Nothing was asked: name the order in one line, and ask for each thing once.")
        )
    else:
        messages.success(request, _("Asked. A reviewer other than you finds it under approvals."))
    return redirect("case", reference)


def _case(reference: str) -> Case:
    case = case_called(reference)
    if case is None:
        raise Http404("there is no such case")
    return case
