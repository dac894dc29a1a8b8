"""The desk's pages about items: the list, one item's whole life, and a person's answers."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from unseen.accounts.models import staff_of
from unseen.casework import desk_actions as desk
from unseen.casework import queries as items
from unseen.casework.models import AnswerKind, Item, LookReason
from unseen.clock import now
from unseen.domain.item import NoticeState, Stage
from unseen.takedown import queries
from unseen.takedown.directory.party import ChannelKind, Party
from unseen.takedown.explain import explain
from unseen.takedown.explain_next import Next, next_of
from unseen.takedown.explain_words import STAGE_WORDS
from unseen.takedown.models import Finding, Notice, Recheck

RECHECKS_SHOWN_MAX = 60  # two months of daily looks; the journal on the same page has the rest
TEXT_CHARACTERS_MAX = 40  # a number or a reference is shorter
CONFIRMATION_CHARACTERS_MAX = 200  # the number or the sentence with which a form confirms
PAGES_MAX = 100_000
_SCOPES = {"open": items.OPEN, "all": tuple(Stage), **{str(stage): (stage,) for stage in Stage}}


class ListForm(forms.Form):
    """What the list of items can be narrowed down to. Anything unreadable is left out."""

    stage = forms.ChoiceField(required=False, choices=[(name, name) for name in _SCOPES])
    platform = forms.CharField(required=False, max_length=300)
    person = forms.BooleanField(required=False)
    q = forms.CharField(required=False, max_length=TEXT_CHARACTERS_MAX)
    page = forms.IntegerField(required=False, min_value=1, max_value=PAGES_MAX)


class AnswerForm(forms.Form):
    """A person's answer to the question whether an item is ours."""

    answer = forms.ChoiceField(choices=[("accept", "accept"), ("out_of_scope", "out_of_scope")])


class SentForm(forms.Form):
    """A person's answer to the question whether a notice went out."""

    went_out = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    confirmation = forms.CharField(required=False, max_length=CONFIRMATION_CHARACTERS_MAX)


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the list."""

    item: Item
    party: Party
    next: Next


@dataclass(frozen=True, slots=True)
class RecheckRow:
    """One recheck: what each vantage found, in the order of the table's columns."""

    recheck: Recheck
    findings: tuple[Finding | None, ...]


@never_cache
@require_GET
def item_list(request: HttpRequest) -> HttpResponse:
    """All items that are open, or those that somebody searches for, the earliest due first."""
    form = ListForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    staff = staff_of(request.user)
    parties = _parties(items.hosts())
    stage, platform = asked.get("stage") or "open", asked.get("platform") or ""
    page = items.page_of(
        items.Wanted(
            stages=_SCOPES[stage],
            hosts=parties.get(platform, (None, []))[1] if platform else None,
            needs_person=bool(asked.get("person")),
            text=asked.get("q") or "",
            seen_by=staff,
        ),
        asked.get("page") or 1,
    )
    coming = next_of(page.items, at := now())
    open_count, asking_count = items.open_and_asking(staff)
    context = {
        "rows": [Row(item, queries.party_of(item), coming[item.pk]) for item in page.items],
        "page": page,
        "asked": {**asked, "stage": stage, "platform": platform},
        "stages": [("open", "open"), ("all", "all"), *STAGE_WORDS.items()],
        "platforms": sorted((party for party, _ in parties.values()), key=lambda party: party.name.lower()),
        "open_count": open_count,
        "asking_count": asking_count,
        "now": at,
    }
    return render(request, "takedown/item_list.html", context)


@never_cache
@require_GET
def item_page(request: HttpRequest, number: int) -> HttpResponse:
    """One item's whole life."""
    item, at = _item(number), now()
    sent = Notice.objects.filter(item=item).select_related("proof", "carrier")
    notices = queries.in_order(sent.prefetch_related("attempts", "replies__exhibit"))
    vantages, rows, left_out = _recheck_table(item)
    uncertain = next((notice for notice in reversed(notices) if notice.state == NoticeState.UNCERTAIN), None)
    context = {
        "item": item,
        "life": explain(item, at),
        "notices": [(notice, queries.directory().parties.get(notice.addressee)) for notice in notices],
        "vantages": vantages,
        "rechecks": rows,
        "rechecks_left_out": left_out,
        "may_answer": item.stage == Stage.REVIEW,
        "waiting": item.answers.filter(due_at__isnull=False).first(),
        "reasons": LookReason.choices,
        "looks_left": items.looks_left(staff_of(request.user), at),
        "uncertain": uncertain,
        "by_form": uncertain is not None and uncertain.channel == ChannelKind.FORM,
        "now": at,
    }
    return render(request, "takedown/item_page.html", context)


@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """A person says whether the item is ours."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was stored: choose one of the answers."))
        return redirect("item", number)
    return _give(request, desk.Given(number, AnswerKind(form.cleaned_data["answer"])))


@require_POST
def say_sent(request: HttpRequest, number: int, notice_id: uuid.UUID) -> HttpResponse:
    """A person says whether an uncertain notice went out."""
    form = SentForm(request.POST)
    if not form.is_valid():
        messages.error(
            request,
            _("Nothing was stored: choose one of the two answers, and keep what they confirmed short."),
        )
        return redirect("item", number)
    if not Notice.objects.filter(item=number, pk=notice_id).exists():
        raise Http404("there is no such notice of this item")
    kind = AnswerKind.WENT_OUT if form.cleaned_data["went_out"] == "yes" else AnswerKind.NOT_SENT
    return _give(request, desk.Given(number, kind, notice_id, form.cleaned_data["confirmation"]))


def _give(request: HttpRequest, given: desk.Given) -> HttpResponse:
    """Keep one answer, which can be taken back for a moment."""
    if desk.give_answers([given], staff_of(request.user), now()) is None:
        messages.error(
            request, _("Nothing was stored: the item moved on meanwhile. This is how it stands now.")
        )
    else:
        messages.success(request, _("Your answer is stored. It takes effect in a few seconds."))
    return redirect("item", given.item)


def _item(number: int) -> Item:
    item = items.item_numbered(number)
    if item is None:
        raise Http404("there is no such item")
    return item


def _parties(hosts: Iterable[str]) -> dict[str, tuple[Party, list[str]]]:
    """The parties behind these hosts by key, each with its hosts."""
    found: dict[str, tuple[Party, list[str]]] = {}
    for host in hosts:
        party = queries.directory().party_for(host)
        found.setdefault(party.key, (party, []))[1].append(host)
    return found


def _recheck_table(item: Item) -> tuple[list[str], list[RecheckRow], int]:
    """The vantages as columns, the latest rechecks as rows (newest first), and how many are left out."""
    rechecks = Recheck.objects.filter(item=item)
    shown = list(rechecks.order_by("-at", "-pk").prefetch_related("findings")[:RECHECKS_SHOWN_MAX])
    found = {recheck.pk: {one.vantage: one for one in recheck.findings.all()} for recheck in shown}
    vantages = list(dict.fromkeys(name for findings in found.values() for name in findings))
    rows = [RecheckRow(one, tuple(found[one.pk].get(name) for name in vantages)) for one in shown]
    return vantages, rows, rechecks.count() - len(shown)
