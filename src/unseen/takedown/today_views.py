"""The desk's page of today: questions, answers to one or many, and taking them back."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from unseen.accounts.models import Staff, staff_of
from unseen.casework import desk_actions as desk
from unseen.casework import queries as items
from unseen.casework.models import AnswerKind
from unseen.clock import now
from unseen.domain.limits import ANSWERS_AT_ONCE_MAX
from unseen.takedown import today
from unseen.takedown.today import Narrowed, Question

_DEFAULT = "default"


class NarrowedForm(forms.Form):
    """Which questions somebody wants to see. Anything unreadable is left out."""

    site = forms.CharField(required=False, max_length=300)
    law = forms.CharField(required=False, max_length=60)
    letter = forms.CharField(required=False, max_length=40)


class AnswersForm(NarrowedForm):
    """One answer to many questions."""

    kind = forms.ChoiceField(choices=[(_DEFAULT, _DEFAULT), *AnswerKind.choices])
    all = forms.BooleanField(required=False)


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What needs a person, the most urgent first; everything else as numbers."""
    staff, narrowed = staff_of(request.user), _narrowed(NarrowedForm(request.GET))
    found = today.questions(staff, narrowed)
    context = {
        "questions": found,
        "narrowed": narrowed,
        "sites": _many((one.party.key, one.party.name) for one in found),
        "laws": _many((one.law, one.law) for one in found),
        "letters": _many((one.letter, one.party.name) for one in found),
        "kinds": [kind for kind in AnswerKind if any(kind in one.answers for one in found)],
        "now": now(),
        "open_count": items.open_and_asking(staff)[0],
        **_numbers(staff),
    }
    return render(request, "takedown/today.html", context)


@never_cache
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The numbers of today and the answers that can still be taken back, for a page that stands open."""
    context = {"now": now(), **_numbers(staff_of(request.user))}
    return render(request, "takedown/today_live.html", context)


@require_POST
def answers(request: HttpRequest) -> HttpResponse:
    """One answer to all that were chosen, or to all that are shown."""
    staff, form = staff_of(request.user), AnswersForm(request.POST)
    back = redirect(_address(form))
    if not form.is_valid():
        messages.error(request, _("Nothing was stored: choose one of the answers."))
        return back
    found = today.questions(staff, _narrowed(form))
    chosen = {int(one) for one in request.POST.getlist("item")[:ANSWERS_AT_ONCE_MAX] if one.isdecimal()}
    wanted = [one for one in found if form.cleaned_data["all"] or one.item.pk in chosen]
    given = _given(wanted, form.cleaned_data["kind"])
    if not given or desk.give_answers(given, staff, now()) is None:
        messages.error(request, _("Nothing was stored: choose questions that this answer fits."))
    elif len(given) < len(wanted):
        left = len(wanted) - len(given)
        messages.warning(
            request,
            ngettext(
                "%(n)s question was left as it is: this answer does not fit it.",
                "%(n)s questions were left as they are: this answer does not fit them.",
                left,
            )
            % {"n": left},
        )
    return back


@require_POST
def undo(request: HttpRequest, group: uuid.UUID) -> HttpResponse:
    """Take back what was answered with one click, while it has no effect yet."""
    if desk.take_back(group, staff_of(request.user), now()):
        messages.success(request, _("Taken back. Nothing was done."))
    else:
        messages.error(request, _("Too late: it has taken effect. The page of the item tells what was done."))
    return redirect("today")


def _given(wanted: Sequence[Question], kind: str) -> list[desk.Given]:
    """The answer to each question that it fits."""
    given = []
    for one in wanted:
        chosen = one.answers[0] if kind == _DEFAULT and one.answers else kind
        if chosen in one.answers:
            notice = one.notice.pk if one.notice is not None else None
            given.append(desk.Given(one.item.pk, AnswerKind(chosen), notice))
    return given


def _numbers(staff: Staff) -> dict[str, object]:
    return {"asking_count": today.count(staff), "given": today.given(staff)}


def _many(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """What several questions have in common, the most common first: key, words, how many."""
    counted = Counter(pair for pair in pairs if pair[0])
    return [(key, words, number) for (key, words), number in counted.most_common(6) if number > 1]


def _narrowed(form: forms.Form) -> Narrowed:
    form.is_valid()
    asked = form.cleaned_data
    return Narrowed(asked.get("site") or "", asked.get("law") or "", asked.get("letter") or "")


def _address(form: forms.Form) -> str:
    narrowed = _narrowed(form)
    parts = {"site": narrowed.site, "law": narrowed.law, "letter": narrowed.letter}
    query = urlencode({name: value for name, value in parts.items() if value})
    return reverse("today") + (f"?{query}" if query else "")
