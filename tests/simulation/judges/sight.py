"""How a judge reads a look. Written apart from the domain on purpose: two readings must agree."""

from unseen.domain.recheck import Look, MediaSeen, PageSeen

_PAGE_WITHOUT_IT = frozenset(
    {PageSeen.MISSING, PageSeen.SAYS_REMOVED, PageSeen.HOME, PageSeen.PRESENT, PageSeen.ELSEWHERE}
)
_MEDIA_WITHOUT_IT = frozenset({MediaSeen.MISSING, MediaSeen.OTHER})


def anyone_sees_it(looks: tuple[Look, ...]) -> bool:
    """Whether any vantage got the content itself."""
    return any(look.media is MediaSeen.MATCHING for look in looks)


def kept_out(looks: tuple[Look, ...]) -> bool:
    """Whether some vantage was kept from it, by a block or by being shown nothing where another sees it."""
    blocked = any(_blocked(look) for look in looks)
    return blocked or (anyone_sees_it(looks) and any(_not_there(look) for look in looks))


def proves_gone(looks: tuple[Look, ...]) -> bool:
    """At least two vantages in two countries find nothing, and every other one is shut out by law."""
    without = [look for look in looks if _not_there(look)]
    if len({look.vantage for look in without}) < 2 or len({look.country for look in without}) < 2:
        return False
    return all(_not_there(look) or _blocked(look) for look in looks)


def _blocked(look: Look) -> bool:
    if look.media is MediaSeen.MATCHING:
        return False
    return look.page is PageSeen.BLOCKED or look.media is MediaSeen.BLOCKED


def _not_there(look: Look) -> bool:
    return look.page in _PAGE_WITHOUT_IT and look.media in _MEDIA_WITHOUT_IT
