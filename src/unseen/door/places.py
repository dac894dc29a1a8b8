"""Places as the reporter is shown them: the host, what kind of place it is, and what can be done there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unseen.door.pasted import PlaceKind, kind_of

Words = str | Promise
_ASK_AND_LOOK = _(
    "We look at it from several places, ask those who run it to remove it, and look again until it is gone."
)
_KIND_WORDS: Mapping[PlaceKind, Words] = {
    PlaceKind.PAGE: _("A page"),
    PlaceKind.POST: _("A post on a social network"),
    PlaceKind.TELEGRAM: _("Telegram, open to everybody"),
    PlaceKind.CLOSED_CHAT: _("A closed chat"),
    PlaceKind.CLOUD: _("A storage service"),
    PlaceKind.SEARCH: _("A page of search results"),
    PlaceKind.ONION: _("An address in the Tor network"),
}
_WHAT_WE_DO: Mapping[PlaceKind, Words] = {
    PlaceKind.PAGE: _ASK_AND_LOOK,
    PlaceKind.POST: _ASK_AND_LOOK,
    PlaceKind.TELEGRAM: _ASK_AND_LOOK,
    PlaceKind.CLOSED_CHAT: _(
        "We cannot look inside, but we ask those who run the service. A person at the centre sees to it."
    ),
    PlaceKind.CLOUD: _ASK_AND_LOOK,
    PlaceKind.SEARCH: _(
        "We ask the search engine. The address of the page itself helps more: open the result and copy it."
    ),
    PlaceKind.ONION: _("We cannot load it. A person at the centre decides what can be done."),
}
_NOT_OPENED = _(
    "We never open it. A person at the centre sees to it, with the hotline where the law asks for that."
)


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One place on a page. `location` is text, never something to press."""

    location: str
    host: str
    kind: Words
    what_we_do: Words


def places_of(locations: Iterable[str], *, is_adult: bool) -> list[PlaceShown]:
    """How each is shown. Material of somebody who is or may be under 18 is never opened."""
    return [_shown(location, is_adult=is_adult) for location in locations]


def _shown(location: str, *, is_adult: bool) -> PlaceShown:
    kind = kind_of(location)
    return PlaceShown(
        location,
        urlsplit(location).hostname or "",
        _KIND_WORDS[kind],
        _WHAT_WE_DO[kind] if is_adult else _NOT_OPENED,
    )
