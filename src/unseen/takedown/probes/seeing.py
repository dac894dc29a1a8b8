"""Telling apart what an answer of the web means, before anything is concluded. Pure."""

from unseen.domain.recheck import MediaSeen, PageSeen
from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
from unseen.fetch.locations import Location
from unseen.fetch.page import Page

_MISSING = (404, 410)
_LOG_IN = (401, 407)
_BY_LAW = 451  # RFC 7725
_MEDIA_TYPES = ("image/", "video/")
# How pictures and films begin. Browsers go by these bytes where a type or a status says something else.
_MEDIA_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"\x1aE\xdf\xa3")
_FTYP = slice(4, 8)  # of MP4, HEIF and AVIF, after the size of the first box
_WEBP = slice(8, 12)


def is_media(answer: Fetched) -> bool:
    """Whether the body is a picture or a film, by its type or by its first bytes."""
    body = answer.body
    by_bytes = body.startswith(_MEDIA_HEADS) or body[_FTYP] == b"ftyp" or body[_WEBP] == b"WEBP"
    return by_bytes or answer.content_type.startswith(_MEDIA_TYPES)


def page_seen(asked: Location, answer: Fetched | FetchFailure, page: Page | None) -> PageSeen:
    """What the page of an item's location answered. `page` is the body as read, when there was one."""
    if isinstance(answer, FetchFailure):
        return _by_failure(answer)
    by_status = _by_status(answer.status)
    if by_status is not None:
        return by_status
    if page is not None and page.has_login_form:
        return PageSeen.LOGIN_WALL
    if page is not None and page.says_blocked:
        return PageSeen.BLOCKED
    if answer.location.key != asked.key:
        at_home = answer.location.key == asked.home.key
        return PageSeen.HOME if at_home else PageSeen.ELSEWHERE
    if page is not None and page.says_removed:
        return PageSeen.SAYS_REMOVED
    return PageSeen.PRESENT


def _by_failure(failure: FetchFailure) -> PageSeen:
    """No such name, or one that leads to where no site can be (0.0.0.0): so resolvers keep a site back."""
    led_astray = failure.code is FailureCode.REFUSED_ADDRESS and not failure.chain
    return PageSeen.NO_NAME if failure.code is FailureCode.NO_NAME or led_astray else PageSeen.FAILED


def _by_status(status: int) -> PageSeen | None:
    if status in _MISSING:
        return PageSeen.MISSING
    if status in _LOG_IN:
        return PageSeen.LOGIN_WALL
    if status == _BY_LAW:
        return PageSeen.BLOCKED
    if status >= 500:
        return PageSeen.TURNED_AWAY if status == 503 else PageSeen.FAILED
    return PageSeen.TURNED_AWAY if status >= 400 else None


def media_seen_without_content(answer: Fetched | FetchFailure, page: Page | None) -> MediaSeen | None:
    """What a media location answered, as far as its bytes need not be understood. None: fingerprint the body."""
    if isinstance(answer, FetchFailure):
        return MediaSeen.UNKNOWN
    seen = {
        PageSeen.MISSING: MediaSeen.MISSING,
        PageSeen.LOGIN_WALL: MediaSeen.LOGIN_WALL,
        PageSeen.BLOCKED: MediaSeen.BLOCKED,
        None: None,
    }.get(_by_status(answer.status), MediaSeen.UNKNOWN)
    if seen is not None or is_media(answer):
        return seen
    if page is not None and page.has_login_form:
        return MediaSeen.LOGIN_WALL
    return MediaSeen.MISSING if answer.content_type == "text/html" else None


# The strongest sight wins: one matching medium outweighs any number of missing ones, and what could not be
# seen outweighs what was seen to be something else.
STRENGTH = (
    MediaSeen.MATCHING,
    MediaSeen.COPY,
    MediaSeen.LOGIN_WALL,
    MediaSeen.BLOCKED,
    MediaSeen.UNKNOWN,
    MediaSeen.OTHER,
    MediaSeen.MISSING,
)


def together(seen: list[MediaSeen]) -> MediaSeen:
    """What several media of one location come to; nothing to look at is missing."""
    return min(seen, key=STRENGTH.index, default=MediaSeen.MISSING)
