"""Help for the first hour, on pages and on paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from unseen.door.help import help_pages, helplines
from unseen.door.page import language, public, shown
from unseen.door.papers import school_pack


@public
@require_safe
def help_page(request: HttpRequest, key: str) -> HttpResponse:
    """One page of help."""
    pages = help_pages(language())
    if key not in pages:
        raise Http404("there is no such page")
    facts = {"page": pages[key], "others": [one for one in pages.values() if one.key != key]}
    return shown(request, "help", {**facts, "helplines": helplines(language())})


@public
@require_safe
def pack(request: HttpRequest) -> HttpResponse:
    """All pages of help as one paper, for schools."""
    answer = HttpResponse(school_pack(language()), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="school-pack.pdf"'
    return answer
