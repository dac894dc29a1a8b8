"""Pages about notices: what each addressee would see, a form as a prepared task, and the public page that verifies."""

import re
import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from unseen.casework import queries as items
from unseen.clock import now
from unseen.domain.limits import (
    VERIFY_ALL_AT_ONCE_MAX,
    VERIFY_ALL_EVERY,
    VERIFY_AT_ONCE_MAX,
    VERIFY_EVERY,
)
from unseen.takedown import queries
from unseen.takedown.actions.writing import envelope_of
from unseen.takedown.channels.form.channel import FormChannel
from unseen.takedown.channels.form.forms import FormFileWrong
from unseen.takedown.directory.party import ChannelKind
from unseen.takedown.models import Notice
from unseen.takedown.preview import previews_of
from unseen.takedown.verify_budget import AskBudget, asker_of

_NUMBER = re.compile(r"[0-9A-Z]{4,12}")
# No reference holds a zero: the look for it costs what any look costs, and finds nothing.
_NOBODYS = "0000000000"
_TOO_MANY = 429
_BUDGET = AskBudget(VERIFY_AT_ONCE_MAX, VERIFY_EVERY, VERIFY_ALL_AT_ONCE_MAX, VERIFY_ALL_EVERY)


@login_required
@never_cache
@require_GET
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """Exactly what each addressee of this item sees or would see."""
    item = items.item_numbered(number)
    if item is None:
        raise Http404("there is no such item")
    context = {"item": item, "previews": previews_of(item, now())}
    return render(request, "takedown/preview_page.html", context)


@login_required
@never_cache
@require_GET
def task(request: HttpRequest, number: int, notice_id: uuid.UUID) -> HttpResponse:
    """A form as a task for a person: every field filled in, and one button when it is sent."""
    rows = Notice.objects.select_related("item__case")
    notice = rows.filter(item=number, pk=notice_id, channel=ChannelKind.FORM).first()
    if notice is None:
        raise Http404("there is no such form to fill in")
    party = queries.directory().parties.get(notice.addressee)
    context: dict[str, object] = {"notice": notice, "item": notice.item, "party": party}
    try:
        context["task"] = FormChannel(settings.UNSEEN).task(envelope_of(notice))
    except FormFileWrong as error:
        context["trouble"] = str(error)
    return render(request, "takedown/task_page.html", context)


@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a notice with this number is ours, for anybody, and no more than that.

    Every question costs the same look-up and gives the same page but for one word; the number is not repeated. A number
    has 49 bits, so guessing finds nothing; who asks too often is told when to come back (RFC 6585, 4).
    """
    wait_s = _BUDGET.spend(asker_of(request.META), now())
    if wait_s:
        # Before any look-up, and the same for every number.
        answer = render(request, "takedown/verify_page.html", {"wait_s": wait_s}, status=_TOO_MANY)
        answer["Retry-After"] = str(wait_s)
        return answer
    asked = str(request.GET.get("number", ""))[:40].strip().upper()
    number = asked if _NUMBER.fullmatch(asked) else _NOBODYS
    context = {"asked": bool(asked), "ours": queries.is_ours(number)}
    return render(request, "takedown/verify_page.html", context)
