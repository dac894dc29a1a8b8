"""From whatever a person pastes to the locations in it: addresses, a message with addresses, a Telegram post, a screen's text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from unseen.domain.limits import PASTED_CHARACTERS_MAX
from unseen.fetch.locations import Location, LocationError, parse_location


class PlaceKind(StrEnum):
    """What kind of place an address names, as far as the address alone tells."""

    PAGE = "page"
    POST = "post"  # on a social network
    TELEGRAM = "telegram"
    CLOSED_CHAT = "closed_chat"  # nobody can look inside without joining
    CLOUD = "cloud"
    SEARCH = "search"
    ONION = "onion"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was understood. `handles`: names such as @name that belong to no site that we can tell."""

    locations: tuple[str, ...]
    handles: tuple[str, ...] = ()


_WITH_SCHEME = re.compile(r"(?:https?|hxxps?)\s?:\s?//[^\s<>\"“”\u2018\u2019`|]+", re.IGNORECASE)
# Top-level names that stand at the end of a bare host; others need "www." before or a path after them.
_ENDS = "com|net|org|kr|io|tv|ru|cc|xyz|xxx|info|jp|cn|uk|de|fr|site|online|club|top|gg|ly|app|live|biz|onion"
_PATHED = "me|to|is|in|us|co|be|st|sh|su|ws|pw|link|dev|pro|vip|fun|cam|sex|adult"
_BARE = re.compile(
    rf"(?<![\w@./:-])(?:www\.[\w.-]+\.[a-z]{{2,24}}|[\w-]+(?:\.[\w-]+)*\.(?:(?:{_ENDS})(?![\w-])|(?:{_PATHED})(?=/)))"
    r"(?::\d{2,5})?(?:/[^\s<>\"“”\u2018\u2019`|]*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@([A-Za-z][A-Za-z0-9_]{3,31})\b(?!\.\w)")
_SPEAKS_OF_TELEGRAM = re.compile(r"telegram|텔레그램|텔레|t\.me/", re.IGNORECASE)
_TRAILING = ".,;:!?)]}>'*…。、」』·~"
# Korean particles grow onto an address without a space.
_PARTICLE = re.compile(
    r"(?<=[A-Za-z0-9/=_-])(?:에서는|에서도|에서|이라는|라는|이에요|예요|입니다|으로|까지|부터|에도|에|을|를|은|는|이|가|도|로|와|과|요)$"
)
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|igshid?|igsh|mibextid|si|share_id|feature|ref_src|s_cid", re.IGNORECASE
)
_POSTS = "x.com twitter.com instagram.com facebook.com tiktok.com reddit.com threads.net threads.com tumblr.com youtube.com youtu.be vk.com"
_CLOUDS = "drive.google.com mega.nz mega.io dropbox.com mediafire.com gofile.io pixeldrain.com 1drv.ms"
_SEARCHES = "google.com bing.com yandex.com yandex.ru duckduckgo.com search.naver.com search.daum.net"
_CHATS = "discord.gg discord.com open.kakao.com chat.whatsapp.com line.me"
_TELEGRAMS = "t.me telegram.me telegram.dog"


def read_pasted(text: str, ports: frozenset[int]) -> Pasted:
    """Every location in the text, each once, in normal form, in the order of the text; at most the limit's characters."""
    text = unicodedata.normalize("NFKC", text[:PASTED_CHARACTERS_MAX].replace("\x00", " "))
    found: dict[str, None] = {}
    for candidate in _candidates(text):
        location = _read(candidate, ports)
        if location is not None:
            found.setdefault(location.text)
    handles = list(dict.fromkeys(_HANDLE.findall(text)))
    if _SPEAKS_OF_TELEGRAM.search(text):
        found.update(dict.fromkeys(f"https://t.me/{name}" for name in handles))
        handles = []
    return Pasted(tuple(found), tuple(f"@{name}" for name in handles))


def kind_of(location: str) -> PlaceKind:
    """What the address alone tells."""
    place = parse_location(location, ports=frozenset(range(65_536)))
    host, path = place.host.removeprefix("www.").removeprefix("m."), place.path
    if host.endswith(".onion"):
        return PlaceKind.ONION
    if _among(host, _TELEGRAMS):
        closed = path.startswith(("/+", "/joinchat", "/c/"))
        return PlaceKind.CLOSED_CHAT if closed else PlaceKind.TELEGRAM
    if _among(host, _CHATS):
        return PlaceKind.CLOSED_CHAT
    if _among(host, _CLOUDS):
        return PlaceKind.CLOUD
    if _among(host, _SEARCHES) and (place.query or "search" in host):
        return PlaceKind.SEARCH
    return PlaceKind.POST if _among(host, _POSTS) else PlaceKind.PAGE


def _among(host: str, names: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names.split())


def _candidates(text: str) -> Iterator[str]:
    """In the order of the text: what begins like an address, and then what looks like a host."""
    spans = [found.span() for found in _WITH_SCHEME.finditer(text)]
    bare = [
        found.span()
        for found in _BARE.finditer(text)
        if not any(start <= found.start() < end for start, end in spans)
    ]
    for start, end in sorted(spans + bare):
        yield text[start:end]


def _read(candidate: str, ports: frozenset[int]) -> Location | None:
    text = re.sub(r"^hxxp", "http", re.sub(r"\s", "", candidate), flags=re.IGNORECASE)
    text = text.replace("[.]", ".").replace("(.)", ".")
    text = _cut(text)
    if not re.match(r"https?://", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        location = parse_location(text, ports=ports)
    except LocationError:
        return None
    if "." not in location.host:
        return None
    return _without_tracking(location)


def _cut(text: str) -> str:
    """Without what the sentence around it left at the end. A bracket stays where it was opened inside."""
    before = ""
    while text != before:
        before = text
        if text[-1:] == ")" and text.count("(") >= text.count(")"):
            return text
        text = _PARTICLE.sub("", text[:-1] if text[-1:] and text[-1] in _TRAILING else text)
    return text


def _without_tracking(location: Location) -> Location:
    """A tracking part names who shared the address, and no other page."""
    pairs = parse_qsl(location.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    if len(kept) == len(pairs):
        return location
    return parse_location(
        Location(location.scheme, location.host, location.port, location.path, urlencode(kept)).text,
        ports=frozenset({location.port}),
    )
