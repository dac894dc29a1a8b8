"""The auditor's page: the journal as it was written, entry by entry. It holds numbers and rules, no location and no name."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from unseen.journal import queries

ENTRIES_SHOWN_MAX = 200


class BeforeForm(forms.Form):
    """From which entry backwards, and about what. Anything unreadable is left out."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    kind = forms.SlugField(required=False, max_length=20)


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The latest entries, or those before a number."""
    form = BeforeForm(request.GET)
    form.is_valid()
    before, kind = form.cleaned_data.get("before"), form.cleaned_data.get("kind") or ""
    entries = queries.latest(ENTRIES_SHOWN_MAX, before=before, kind=kind)
    context = {"entries": entries, "kind": kind, "full": len(entries) == ENTRIES_SHOWN_MAX}
    return render(request, "journal/journal_page.html", context)
