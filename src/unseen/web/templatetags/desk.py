"""The desk's filters: times, and the words and shapes of findings, stages and outcomes."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from unseen.accounts.permissions import reach_of
from unseen.domain.notice import Rung
from unseen.domain.recheck import GONE_KINDS, SEEN_KINDS
from unseen.domain.schedule import NOT_FETCHED
from unseen.takedown import explain_words
from unseen.takedown.directory.party import CHANNEL_WORDS
from unseen.takedown.explain_facts import time_words

register = template.Library()

# A shape beside each colour, so that nobody needs to see colours.
SHAPES = MappingProxyType(
    {
        "gone": "○",
        "soft_404": "○",
        "sent_home": "○",
        "still_up": "●",
        "media_alive": "◉",
        "copy_alive": "◎",
        "geofenced": "◐",
        "cloaked": "◑",
        "resolver_blocked": "◒",
        "moved": "▶",
        "login_walled": "■",
        "back": "▲",
        "listed": "≡",
        "not_listed": "-",
        "unknown": "?",
    }
)
_SURE, _UNSURE, _SEEN = "good", "open", "bad"
_TONES: dict[str, str] = {**dict.fromkeys(GONE_KINDS, _SURE), **dict.fromkeys(SEEN_KINDS, _SEEN)}


def in_words(table: Mapping[Any, str], key: str) -> str:
    """What a table says about a key, in the language of the page; the key itself when it says nothing."""
    return _(table[key]) if key in table else key


def _units() -> tuple[tuple[timedelta, str, str], ...]:
    return (
        (timedelta(days=1), _("in %(n)s d"), _("%(n)s d ago")),
        (timedelta(hours=1), _("in %(n)s h"), _("%(n)s h ago")),
        (timedelta(minutes=1), _("in %(n)s min"), _("%(n)s min ago")),
    )


@register.filter
def stamp(at: datetime | None) -> SafeString | str:
    """A time with its machine-readable form."""
    if at is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), time_words(at))


@register.filter
def until(at: datetime | None, now: datetime) -> str:
    """How far away a time is: `in 3 h`, `2 d ago`, `now`."""
    if at is None:
        return ""
    gap = abs(at - now)
    for unit, later, before in _units():
        if gap >= unit:
            count = gap // unit
            return (later if at > now else before) % {"n": count}
    return _("now")


@register.filter
def finding(kind: str) -> SafeString:
    """A finding as shape, colour and word."""
    return format_html(
        '<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>',
        _TONES.get(kind, _UNSURE),
        SHAPES.get(kind, "?"),
        in_words(explain_words.FINDING_WORDS, kind),
    )


@register.filter
def stage_words(stage: str) -> str:
    """A stage as the desk says it."""
    return in_words(explain_words.STAGE_WORDS, stage)


@register.filter
def outcome_words(outcome: str) -> str:
    """An outcome as the desk says it."""
    return in_words(explain_words.OUTCOME_WORDS, outcome)


@register.filter
def channel_words(channel: str) -> str:
    """A channel as the desk says it."""
    return in_words(CHANNEL_WORDS, channel)


@register.filter
def reply_words(kind: str) -> str:
    """A kind of reply as the desk says it."""
    return in_words(explain_words.REPLY_WORDS, kind)


@register.filter
def rung_words(rung: str) -> str:
    """A rung as the desk says it."""
    return Rung(rung).words


@register.filter
def rung_short(rung: str) -> str:
    """A rung in a word or two, for tables."""
    return in_words(explain_words.RUNG_SHORT_WORDS, rung)


@register.filter
def plain(name: str) -> str:
    """A code name as words: `still_up` as `still up`."""
    return name.replace("_", " ")


# The host and what follows it, up to the next blank.
_LOCATION = re.compile(r"(?i)\b(https?://[^/\s?#]+)[/?#]\S+")


@register.filter
def masked(text: str) -> str:
    """A text with its locations cut after the host: nobody opens one by reading."""
    return _LOCATION.sub(r"\1/…", text)


@register.filter
def place(location: str) -> str:
    """A location cut after the host."""
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc}/…"


@register.filter
def may(person: Any, route: str) -> bool:
    """Whether this person's role may open a route."""
    return reach_of(getattr(person, "role", ""), route) is not None


@register.filter
def asked(question: str) -> str:
    """A question of the engine, in the language of the page where it is one that we know."""
    return {
        "We looked and did not find the picture at this location. Is the location right?": _(
            "We looked and did not find the picture at this location. Is the location right?"
        ),
        NOT_FETCHED: _(
            "Nothing is fetched here: the person may be a minor, or this centre may not. "
            "Please pass the location to the hotline. Is it ours to write about?"
        ),
        "We know nobody to write to about this site. Who hosts it?": _(
            "We know nobody to write to about this site. Who hosts it?"
        ),
        "Nobody can tell whether this notice went out. Did it?": _(
            "Nobody can tell whether this notice went out. Did it?"
        ),
    }.get(question, question)


@register.filter
def words(text: str) -> list[str]:
    """A text as its words."""
    return text.split()


@register.filter
def last_number(rows: list[Any]) -> int:
    """The number of the last row."""
    return int(rows[-1].pk)


@register.filter
def state_words(state: str) -> str:
    """The state of a notice, as the desk says it."""
    return {
        "ready": _("ready"),
        "sending": _("sending"),
        "sent": _("sent"),
        "failed": _("failed"),
        "uncertain": _("uncertain"),
    }.get(state, state)


@register.filter
def units(length: float) -> str:
    """A length for SVG, with a dot in every language."""
    return f"{length:.2f}"


@register.filter
def scope_words(scope: str) -> str:
    """Which stages a list shows, as the desk says it."""
    return {"open": _("open"), "all": _("all")}.get(scope) or in_words(explain_words.STAGE_WORDS, scope)
