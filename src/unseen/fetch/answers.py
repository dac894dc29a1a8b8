"""What a fetch comes to: an answer or a failure, both plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from unseen.fetch.locations import Location


class FailureCode(StrEnum):
    """Why no answer was read."""

    DNS = "dns"  # nobody told us an address
    NO_NAME = "no_name"  # the resolver says that there is no such name
    REFUSED_ADDRESS = "refused_address"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    TLS = "tls"
    TOO_LARGE = "too_large"
    PROTOCOL = "protocol"
    BAD_REDIRECT = "bad_redirect"


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed: the place that answered, and with which status."""

    location: Location
    status: int


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers that Unseen reads, as text cut to a sane length; None when absent or said twice differently."""

    content_type: str | None = None
    content_encoding: str | None = None
    content_length: int | None = None
    retry_after: str | None = None
    redirect_to: str | None = field(default=None, repr=False)
    last_modified: str | None = None
    etag: str | None = None
    server: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer. `location` is the place that gave it, after the redirects in `chain`."""

    location: Location
    status: int
    chain: tuple[Hop, ...]
    headers: Headers
    body: bytes = field(repr=False)
    elapsed_s: float

    @property
    def content_type(self) -> str:
        """The media type in small letters without parameters, or an empty text."""
        return (self.headers.content_type or "").partition(";")[0].strip().lower()

    @property
    def retry_after(self) -> str | None:
        """The header as sent; `budget.retry_after` reads it."""
        return self.headers.retry_after

    @property
    def declared_length(self) -> int | None:
        """The length in bytes that the server stated."""
        return self.headers.content_length


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """No answer, or none that could be read whole. `detail` names no host and no path, so it may be logged.

    `status` is set when the head of the answer was read. `sent`: the request may have reached the server,
    so what it asked for may have happened.
    """

    code: FailureCode
    detail: str
    location: Location
    chain: tuple[Hop, ...] = ()
    status: int | None = None
    sent: bool = False


_HEADER_CHARACTERS_MAX = 4_096
_NAMES = {
    b"content-type": "content_type",
    b"content-encoding": "content_encoding",
    b"retry-after": "retry_after",
    b"location": "redirect_to",
    b"last-modified": "last_modified",
    b"etag": "etag",
    b"server": "server",
}


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Pick the headers that Unseen reads."""
    found: dict[str, str | None] = {}
    length: int | None = None
    for sent_name, value in raw:
        name = sent_name.lower()
        if name == b"content-length" and value.isdigit() and len(value) < 19:
            length = int(value)
        known = _NAMES.get(name)
        if known is not None:
            text = _text(value)
            found[known] = text if found.get(known, text) == text else None
    return Headers(content_length=length, **found)


def _text(value: bytes) -> str:
    value = value[:_HEADER_CHARACTERS_MAX]
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()
