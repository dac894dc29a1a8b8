"""What every source yields, what it may use, and the one error by which it names trouble."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
from unseen.fetch.fetcher import Accept
from unseen.fetch.locations import Location
from unseen.fetch.vantage import Vantage

# What is read into memory at once; the media decoder's own limit is lower for most kinds.
MEDIA_SIZE_BYTES_MAX = 2_000_000_000


class SourceError(Exception):
    """A source, or one thing in it, cannot be read; says what, why, and the cure. `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Found:
    """One media file that a source names; nothing of it has been read yet.

    `where` names it for people. `page` is the page that shows it; `location` its own place on the web; `path` the
    file when it lies on this machine. `open` reads all its bytes and raises SourceError.
    """

    where: str
    open: Callable[[], bytes] = field(repr=False)
    page: Location | None = None
    location: Location | None = None
    path: Path | None = None


class Asks(Protocol):
    """What a source needs of a fetcher; the guarded fetcher is one."""

    @property
    def ports(self) -> frozenset[int]:
        """The ports that may be asked."""
        ...

    def get(self, location: Location, vantage: Vantage, *, accept: Accept) -> Fetched | FetchFailure:
        """Ask once."""
        ...


def _every_page(place: Location) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Reach:
    """How a source may reach the web: the guarded fetcher, as whom, and how far.

    `before_asking` is called with the host before each request; it may wait to keep the host's pace. `wanted` says
    whether a page is worth following; the start page always is.
    """

    fetcher: Asks
    vantage: Vantage
    before_asking: Callable[[str], None]
    pages_max: int = 500
    depth_max: int = 4
    wanted: Callable[[Location], bool] = _every_page


def trouble(where: str, code: str, message: str) -> Found:
    """A thing that was named but cannot be read: its error appears when it is opened, like any other."""

    def fail() -> bytes:
        raise SourceError(code, message)

    return Found(where, fail)


def read_file(path: Path) -> bytes:
    """All bytes of a file. Raises SourceError."""
    try:
        size = path.stat().st_size
        if size > MEDIA_SIZE_BYTES_MAX:
            cure = "cut it into parts, or scan the folder's other files without it"
            raise SourceError(
                "too_large", f"{path} has {size} bytes, more than {MEDIA_SIZE_BYTES_MAX}; {cure}."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError("not_found", f"{path} is no longer there; scan the folder again.") from None
    except OSError as error:
        raise SourceError(
            "unreadable", f"{path} cannot be read ({error.strerror}); check its rights."
        ) from error


def fetch_media(location: Location, reach: Reach) -> bytes:
    """All bytes of a media file on the web. Raises SourceError."""
    reach.before_asking(location.host)
    answer = reach.fetcher.get(location, reach.vantage, accept="media")
    if isinstance(answer, FetchFailure):
        raise SourceError(answer.code, unfetched(location, answer))
    if answer.status != 200:
        raise SourceError(
            "not_found", f"{location.text} answered with status {answer.status}; nothing to compare."
        )
    return answer.body


_CURES = {
    FailureCode.REFUSED_ADDRESS: "only places on the public web are fetched",
    FailureCode.DNS: "check how the host is written",
    FailureCode.NO_NAME: "check how the host is written",
    FailureCode.TOO_LARGE: "save it to a folder and scan that",
    FailureCode.BAD_REDIRECT: "look at it in a browser",
    FailureCode.TLS: "look at its certificate in a browser",
}


def unfetched(location: Location, failure: FetchFailure) -> str:
    """What happened to `location`, and what to do."""
    cure = _CURES.get(failure.code, "try again later")
    return f"{location.text} could not be fetched: {failure.detail}; {cure}."
