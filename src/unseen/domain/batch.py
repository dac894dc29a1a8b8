"""Several items in one notice: split at what the addressee takes, nothing dropped, and compare what arrived with what was sent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unseen.domain.limits import LOCATION_CHARACTERS_MAX


@dataclass(frozen=True, slots=True)
class Limits:
    """What one notice to a party may hold at most. None: no limit is known.

    Only a party whose number of locations is known is sent several items in one notice.
    """

    locations_per_notice_max: int | None = None
    location_characters_max: int | None = None
    text_characters_max: int | None = None  # of the list of locations, a line break each
    one_host_per_notice: bool = False

    def __post_init__(self) -> None:
        for value in (self.locations_per_notice_max, self.text_characters_max, self.location_characters_max):
            if value is not None and value < 1:
                raise ValueError("a limit of a notice is at least 1: correct the directory")

    @property
    def several(self) -> bool:
        """Whether one notice may name more than one item."""
        return self.locations_per_notice_max is not None


NO_LIMITS = Limits()  # nobody wrote any down


@dataclass(frozen=True, slots=True)
class Piece:
    """The locations of one item: they are never torn apart."""

    key: str
    locations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Every piece stands in exactly one of the two, in the order in which it came."""

    batches: tuple[tuple[Piece, ...], ...]
    unfit: tuple[Piece, ...]  # longer than the addressee takes: a person has to find another way


@dataclass(frozen=True, slots=True)
class Difference:
    """What was sent beside what the addressee says that it loaded."""

    missing: tuple[str, ...]  # sent, not loaded: to be sent again
    unknown: tuple[str, ...]  # loaded, never sent by us: to be told to a person


def split(pieces: Sequence[Piece], limits: Limits) -> Split:
    """Fill one notice after the other. Greedy in the given order, so that the same list gives the same notices."""
    batches: list[list[Piece]] = []
    unfit = []
    for piece in pieces:
        if not fits((piece,), limits):
            unfit.append(piece)
        elif batches and limits.several and fits((*batches[-1], piece), limits):
            batches[-1].append(piece)
        else:
            batches.append([piece])
    return Split(tuple(map(tuple, batches)), tuple(unfit))


def fits(pieces: Iterable[Piece], limits: Limits) -> bool:
    """Whether these go into one notice. A limit that nobody stated limits nothing."""
    locations = [location for piece in pieces for location in piece.locations]
    longest = limits.location_characters_max or LOCATION_CHARACTERS_MAX
    if any(len(location) > longest for location in locations):
        return False
    if limits.locations_per_notice_max is not None and len(locations) > limits.locations_per_notice_max:
        return False
    if limits.one_host_per_notice and len(set(map(_host, locations))) > 1:
        return False
    return limits.text_characters_max is None or _characters(locations) <= limits.text_characters_max


def fills(locations: Sequence[str], limits: Limits) -> tuple[tuple[str, ...], ...]:
    """How often a form must be filled in for these locations, and with which each time; a too long one stands alone."""
    count = limits.locations_per_notice_max or len(locations) or 1
    each = Limits(count, None, limits.text_characters_max, limits.one_host_per_notice)
    parts = split([Piece(str(number), (one,)) for number, one in enumerate(locations)], each)
    whole = [tuple(one for piece in batch for one in piece.locations) for batch in parts.batches]
    return (*whole, *(piece.locations for piece in parts.unfit))


def difference(sent: Iterable[str], loaded: Iterable[str]) -> Difference:
    """Compare two lists as sets. Addresses are compared as they are written, but for the case of scheme and host."""
    ours = {_as_compared(one): one for one in sent}
    theirs = {_as_compared(one): one for one in loaded}
    return Difference(
        tuple(one for key, one in ours.items() if key not in theirs),
        tuple(one for key, one in theirs.items() if key not in ours),
    )


def _characters(locations: Sequence[str]) -> int:
    return sum(len(location) + 1 for location in locations)


def _host(location: str) -> str:
    return _as_compared(location).partition("://")[2].partition("/")[0]


def _as_compared(location: str) -> str:
    """Scheme and host name have no case (RFC 3986, 6.2.2.1), and an empty path is a slash (6.2.3)."""
    scheme, separator, rest = location.strip().partition("://")
    if not separator:
        return location.strip()
    return f"{scheme.lower()}://{''.join(_lower_host(rest))}"


def _lower_host(rest: str) -> Iterator[str]:
    ends = [at for at in map(rest.find, "/?#") if at >= 0]
    end = min(ends, default=len(rest))
    yield rest[:end].lower()
    yield rest[end:] or "/"
