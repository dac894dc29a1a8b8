"""The desk's filters: times, and the words and shapes of findings, stages and outcomes."""

from datetime import datetime, timedelta
from types import MappingProxyType

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from unseen.domain.notice import Rung
from unseen.domain.recheck import GONE_KINDS, SEEN_KINDS
from unseen.takedown import explain_words as words
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
_UNITS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))
_SURE, _UNSURE, _SEEN = "good", "open", "bad"
_TONES: dict[str, str] = {**dict.fromkeys(GONE_KINDS, _SURE), **dict.fromkeys(SEEN_KINDS, _SEEN)}


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
    for unit, name in _UNITS:
        if gap >= unit:
            count = gap // unit
            return f"in {count} {name}" if at > now else f"{count} {name} ago"
    return "now"


@register.filter
def finding(kind: str) -> SafeString:
    """A finding as shape, colour and word."""
    return format_html(
        '<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>',
        _TONES.get(kind, _UNSURE),
        SHAPES.get(kind, "?"),
        words.FINDING_WORDS.get(kind, kind),
    )


@register.filter
def stage_words(stage: str) -> str:
    """A stage as the desk says it."""
    return words.STAGE_WORDS.get(stage, stage)


@register.filter
def outcome_words(outcome: str) -> str:
    """An outcome as the desk says it."""
    return words.OUTCOME_WORDS.get(outcome, outcome)


@register.filter
def channel_words(channel: str) -> str:
    """A channel as the desk says it."""
    return CHANNEL_WORDS.get(channel, channel)


@register.filter
def reply_words(kind: str) -> str:
    """A kind of reply as the desk says it."""
    return words.REPLY_WORDS.get(kind, kind)


@register.filter
def rung_words(rung: str) -> str:
    """A rung as the desk says it."""
    return Rung(rung).words


@register.filter
def rung_short(rung: str) -> str:
    """A rung in a word or two, for tables."""
    return words.RUNG_SHORT_WORDS.get(rung, rung)


@register.filter
def plain(name: str) -> str:
    """A code name as words: `still_up` as `still up`."""
    return name.replace("_", " ")
