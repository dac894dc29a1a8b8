"""What pages of earlier stages show of the exchange, which they may not import."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from unseen.accounts.models import staff_of
from unseen.casework.models import Case
from unseen.exchange.desk import disputes_for, shared_of

register = template.Library()


@register.inclusion_tag("exchange/platforms_of.html", takes_context=True)
def platforms_of(context: dict[str, Any], case: Case) -> dict[str, Any]:
    """How the materials of a case stand with platforms."""
    kept: dict[str, Any] = {name: context[name] for name in ("user", "csrf_token") if name in context}
    return {**kept, "case": case, "rows": shared_of(case)}


@register.simple_tag(takes_context=True)
def disputes_waiting(context: dict[str, Any]) -> int:
    """How many doubts of platforms wait for this person."""
    return disputes_for(staff_of(context["user"])).count()


@register.filter
def level_words(level: int) -> str:
    """How far it is verified."""
    return {
        0: _("the reporter's word"),
        1: _("we found it at a place"),
        2: _("two of us confirmed it"),
        3: _("a legal order is recorded"),
    }[level]


@register.filter
def verdict_words(verdict: str) -> str:
    """What a platform said."""
    return {
        "blocked": _("refused or removed an upload of it"),
        "not_ncii": _("says that it is no intimate picture shared without consent"),
        "cannot_tell": _("cannot tell"),
        "policy_disagree": _("says that its rules allow it"),
        "broken": _("says that the entry is unusable"),
        "disputed": _("says that somebody disputes it"),
    }.get(verdict, verdict)
