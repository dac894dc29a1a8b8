"""Search at the desk: an item, a case, a notice, a host or a location, among what this person may see."""

import re
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from unseen.accounts.models import Staff
from unseen.casework import queries as casework
from unseen.casework.models import Item
from unseen.domain.limits import SEARCH_READS_MAX, SEARCH_SHOWS_MAX
from unseen.takedown import queries
from unseen.takedown.directory.party import Party
from unseen.takedown.models import Notice

_HOST = re.compile(r"[\w-]+(\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `more` says that there is more than is shown."""

    items: tuple[Item, ...] = ()
    parties: tuple[Party, ...] = ()
    more: bool = False


def found(text: str, staff: Staff) -> Found:
    """Everything that fits the text. Items of cases that this person may not see are never looked at."""
    text = text.strip()
    if not text.isprintable() or not text:
        return Found()  # PostgreSQL takes no null byte, and no name of ours has a control character
    rows = Item.objects.filter(casework.visible_to(staff))
    # One question each: joined by OR, no index would serve them.
    keys = set(rows.filter(casework.called(text)).values_list("pk", flat=True))
    of_case = rows.filter(case__reference=text.upper())
    keys |= set(of_case.order_by("-pk").values_list("pk", flat=True)[: SEARCH_SHOWS_MAX + 1])
    keys |= set(rows.filter(pk__in=_by_notice(text)).values_list("pk", flat=True))
    keys |= set(_by_location(text, rows.filter(host=_host_of(text))))
    shown = sorted(keys, reverse=True)[:SEARCH_SHOWS_MAX]
    items = Item.objects.select_related("case__report", "person").in_bulk(shown)
    return Found(
        tuple(items[pk] for pk in shown if pk in items), _parties(text), len(keys) > SEARCH_SHOWS_MAX
    )


def _by_notice(text: str) -> list[int]:
    """The items of the notice with this number, and of all that went out with it."""
    try:
        number = uuid.UUID(text.partition("@")[0].strip("<"))
    except ValueError:
        return []
    together = Q(pk=number) | Q(carrier=number)
    return list(Notice.objects.filter(together).values_list("item_id", flat=True))


def _host_of(text: str) -> str:
    """The host that a text names, as an address or alone; empty when it names none."""
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) else ""


def _by_location(text: str, rows: QuerySet[Item]) -> list[int]:
    """Read, not searched by the database: locations of a case may stand encrypted in it."""
    host = _host_of(text)
    if not host:
        return []
    rest = text.partition("://")[2] or text
    newest = rows.select_related("case").order_by("-pk")[:SEARCH_READS_MAX]
    return [item.pk for item in newest if rest in item.location or rest in item.media_location]


def _parties(text: str) -> tuple[Party, ...]:
    """Platforms whose name, key or domain this is the beginning of."""
    wanted = text.lower()
    known = queries.directory().parties.values()
    fits = [one for one in known if one.name.lower().startswith(wanted) or one.key == wanted]
    return tuple(fits[:10])
