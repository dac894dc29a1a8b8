"""The desk's pages about a case, the search, and the exception of seeing a full location."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from unseen.accounts.models import staff_of
from unseen.casework import desk_actions as desk
from unseen.casework import queries as items
from unseen.casework.models import Case, Item, LookReason
from unseen.clock import now
from unseen.domain.item import NoticeState
from unseen.domain.limits import (
    MESSAGE_CHARACTERS_MAX,
    SEARCH_ALL_AT_ONCE_MAX,
    SEARCH_ALL_EVERY,
    SEARCH_AT_ONCE_MAX,
    SEARCH_EVERY,
)
from unseen.domain.report import AgeBand
from unseen.intake.actions import NotTaken, say
from unseen.intake.queries import messages_of
from unseen.takedown import queries, search
from unseen.takedown.ask_budget import AskBudget
from unseen.takedown.directory.party import Party
from unseen.takedown.explain_next import Next, next_of
from unseen.takedown.models import Notice, Place, Recheck, Reply
from unseen.takedown.spread import HEIGHT, WIDTH, spread

PLACES_SHOWN_MAX = 200  # a case may have 2,000; the list of items pages through the rest
_LATEST = 12  # notices, replies and rechecks of a case: its items' pages have all of theirs
_TEXT_CHARACTERS_MAX = 2_048  # a location may be this long
_TOO_MANY = 429
_SEARCHES = AskBudget(SEARCH_AT_ONCE_MAX, SEARCH_EVERY, SEARCH_ALL_AT_ONCE_MAX, SEARCH_ALL_EVERY)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of a case."""

    item: Item
    party: Party
    next: Next


@never_cache
@require_GET
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One affected person's matter: what, where, since when, what was done, and who looked."""
    case, at = _case(reference), now()
    places = list(
        Item.objects.filter(case=case).select_related("case__report", "person").order_by("-opened_at", "-pk")
    )
    shown = places[:PLACES_SHOWN_MAX]
    context = {
        "case": case,
        "minor": case.report.age_band != AgeBand.ADULT,
        "materials": case.materials.select_related("reported").order_by("reported__number"),
        "places": _rows(shown),
        "places_left_out": len(places) - len(shown),
        "picture": spread(places, at),
        "width": WIDTH,
        "height": HEIGHT,
        **_latest(case),
        "looks": items.looks_at(case),
        "messages_of": messages_of(case.report),
        "message_characters_max": MESSAGE_CHARACTERS_MAX,
        "mine": case.person_id == staff_of(request.user).pk,
        "now": at,
    }
    return render(request, "takedown/case_page.html", context)


@require_POST
def take_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a case on, or let it go again."""
    case, staff = _case(reference), staff_of(request.user)
    done = desk.let_go_of(case, staff, now()) or desk.take_on(case, staff, now())
    if not done:
        messages.error(request, _("Nothing was stored: somebody else has this case."))
    return redirect("case", reference)


@require_POST
def say_to_reporter(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the reporter, who reads it with the receipt. Nobody's name goes with it."""
    case = _case(reference)
    try:
        say(case.report, str(request.POST.get("text", "")), from_centre=True, now=now())
    except NotTaken as error:
        messages.error(request, str(error))
    return redirect("case", reference)


@never_cache
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Whatever fits the text, among what this person may see."""
    staff, text = staff_of(request.user), str(request.GET.get("q", ""))[:_TEXT_CHARACTERS_MAX]
    wait_s = _SEARCHES.spend(str(staff.pk), now()) if text.strip() else 0
    found = search.Found() if wait_s else search.found(text, staff)
    context = {"text": text, "found": found, "rows": _rows(found.items), "wait_s": wait_s, "now": now()}
    return render(request, "takedown/search_page.html", context, status=_TOO_MANY if wait_s else None)


@never_cache
@require_POST
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Show a full location as text, once, with a reason that is noted. Never a picture, never something to follow."""
    item, staff = items.item_numbered(number), staff_of(request.user)
    if item is None:
        raise Http404("there is no such item")
    reason = str(request.POST.get("reason", ""))
    if reason not in LookReason.values:
        messages.error(request, _("Nothing was shown: choose a reason."))
        return redirect("item", number)
    try:
        desk.show_location(item, staff, LookReason(reason), now())
    except desk.BudgetSpent:
        messages.error(
            request,
            _("Nothing was shown: today's looks are used up. Your account page asks a reviewer for more."),
        )
        return redirect("item", number)
    further = Place.objects.filter(item=item).order_by("seen_at")
    known = (item.location, item.media_location, *(place.location for place in further))
    locations = [location for location in known if location]
    context = {"item": item, "locations": locations, "left": items.looks_left(staff, now())}
    return render(request, "takedown/look_page.html", context)


def _case(reference: str) -> Case:
    case = items.case_called(reference)
    if case is None:
        raise Http404("there is no such case")
    return case


def _rows(shown: Sequence[Item]) -> list[PlaceRow]:
    coming = next_of(shown, now())
    return [PlaceRow(item, queries.party_of(item), coming[item.pk]) for item in shown]


def _latest(case: Case) -> dict[str, object]:
    """The latest of what was sent, answered and seen."""
    notices = Notice.objects.filter(item__case=case).defer("subject", "body", "particulars")
    replies = Reply.objects.filter(notice__item__case=case).select_related("notice")
    looked = Recheck.objects.filter(item__case=case).prefetch_related("findings")
    parties = queries.directory().parties
    return {
        "notices": [(one, parties.get(one.addressee)) for one in notices.order_by("-made_at")[:_LATEST]],
        "notices_sent": notices.filter(state=NoticeState.SENT).count(),
        "replies": replies.order_by("-received_at")[:_LATEST],
        "rechecks": looked.order_by("-at", "-pk")[:_LATEST],
    }
