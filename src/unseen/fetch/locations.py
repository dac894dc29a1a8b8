"""A location: the address of one page or file on the web, in one normal form."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address

import idna

from unseen.domain.limits import LOCATION_CHARACTERS_MAX
from unseen.fetch.addresses import ends_in_a_number, read_ipv4

DEFAULT_PORTS = frozenset({80, 443})
_SCHEME_PORTS = {"http": 80, "https": 443}

_PARTS = re.compile(
    r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL
)  # RFC 3986 B
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_KEPT = _UNRESERVED | frozenset("/!$&'()*+,;=:@%")
_QUERY_KEPT = _PATH_KEPT | frozenset("?")


class LocationError(ValueError):
    """A text is not a location that can be fetched; `code` for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, repr=False)
class Location:
    """An http or https address in normal form. Prints as *** because logs must not carry it; `.text` gives it."""

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "Location(***)"

    @property
    def text(self) -> str:
        """The address as it is requested and named in a notice."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.authority}{self.path}{query}"

    @property
    def key(self) -> str:
        """Equal for two spellings of the same place; differs whenever the two could be two places."""
        return self.text

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port; IPv6 in brackets. What the Host header carries."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _SCHEME_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """Path and query, as the request line carries them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def home(self) -> "Location":
        """The start page of the same site."""
        return Location(self.scheme, self.host, self.port, "/")


def parse_location(text: str, *, ports: frozenset[int] = DEFAULT_PORTS) -> Location:
    """Read a pasted or found text as a location.

    `ports`: the ports that may be named (RFC 3986 default ports 80 and 443 unless a setting allows more).
    Raises LocationError, whose message shows the text escaped and cut, and the cure.
    """
    scheme, authority, path, query = _split(text)
    if scheme is None or authority is None:
        raise _wrong("not_a_location", text, "is not a full web address", "start it with http:// or https://")
    return _build(text, scheme, authority, _resolved(_spelled(path, _PATH_KEPT)), query, ports)


def join(base: Location, reference: str, *, ports: frozenset[int] = DEFAULT_PORTS) -> Location:
    """Read `reference`, as found in a page or a redirect of `base`, relative to `base` (RFC 3986, 5.2).

    Raises LocationError.
    """
    scheme, authority, path, query = _split(reference)
    if scheme is not None and authority is None:
        raise _wrong("scheme", reference, "is not a web address", "only http and https are fetched")
    if authority is not None:
        full = _resolved(_spelled(path, _PATH_KEPT))
        return _build(reference, scheme or base.scheme, authority, full, query, ports)
    path = _spelled(path, _PATH_KEPT)
    if not path:
        path, query = base.path, base.query if query is None else query
    elif not path.startswith("/"):
        path = base.path[: base.path.rfind("/") + 1] + path
    return _build(reference, base.scheme, base.authority, _resolved(path), query, ports)


def _split(text: str) -> tuple[str | None, str | None, str, str | None]:
    text = text.strip(" \t\r\n")
    if len(text) > LOCATION_CHARACTERS_MAX:
        cure = "give the address without its tracking part"
        raise _wrong("too_long", text, f"is longer than {LOCATION_CHARACTERS_MAX} characters", cure)
    if _FORBIDDEN.search(text):
        problem = "holds a control character or a backslash"
        raise _wrong("forbidden_character", text, problem, "copy the address again from the browser")
    parts = _PARTS.fullmatch(text)
    if parts is None or (parts[1] is not None and not _SCHEME.fullmatch(parts[1])):
        raise _wrong("not_a_location", text, "is not a web address", "start it with http:// or https://")
    return parts[1], parts[2], parts[3], parts[4]


def _build(
    text: str, scheme: str, authority: str, path: str, query: str | None, ports: frozenset[int]
) -> Location:
    scheme = scheme.lower()
    if scheme not in _SCHEME_PORTS:
        raise _wrong("scheme", text, "is neither http nor https", "only http and https are fetched")
    if "@" in authority:
        cure = "leave out the part before the @"
        raise _wrong("credentials", text, "carries a name or password before the host", cure)
    host_text, port_text = _authority(text, authority)
    port = int(port_text) if port_text else _SCHEME_PORTS[scheme]
    if port not in ports:
        cure = f"use one of the ports {', '.join(map(str, sorted(ports)))} or extend UNSEEN_FETCH_PORTS"
        raise _wrong("port", text, f"names port {port}", cure)
    location = Location(scheme, _host(text, host_text), port, path, _spelled(query or "", _QUERY_KEPT))
    if len(location.text) > LOCATION_CHARACTERS_MAX:
        problem = f"is longer than {LOCATION_CHARACTERS_MAX} characters once percent-encoded"
        raise _wrong("too_long", text, problem, "give the address without its tracking part")
    return location


def _authority(text: str, authority: str) -> tuple[str, str]:
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None or not parts[1]:
        raise _wrong("host", text, "has no host that can be read", "check the part after ://")
    return parts[1], parts[2] or ""


def _host(text: str, host: str) -> str:
    """The host as ASCII: IDNA 2008 with the UTS 46 mapping browsers use, or an IP address in its usual form."""
    wrong = _wrong("host", text, "has a host name that cannot exist", "check the part after ://")
    if host.startswith("["):
        try:
            address = IPv6Address(host[1:-1])
        except ValueError:
            raise wrong from None
        if address.scope_id is not None:
            raise wrong
        return str(address)
    if len(host) > 254:
        raise wrong
    try:
        host = idna.uts46_remap(host, std3_rules=False, transitional=False).removesuffix(".")
        host = host if host.isascii() else idna.encode(host).decode("ascii")
    except idna.IDNAError:
        raise wrong from None
    if not host or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise wrong
    if ends_in_a_number(host):
        v4 = read_ipv4(host)
        if v4 is None:
            raise wrong
        return str(v4)
    return host


def _spelled(text: str, kept: frozenset[str]) -> str:
    """One spelling of percent-encoding: unreserved characters bare, all others encoded in capitals."""
    if not (set(text) - kept) and "%" not in text:
        return text
    out: list[str] = []
    for place, piece in enumerate(_ESCAPE.split(text)):
        if place % 2:  # the two digits of an escape
            character = chr(int(piece, 16))
            out.append(character if character in _UNRESERVED else f"%{piece.upper()}")
        else:
            out.extend(c if c in kept and c != "%" else _encoded(c) for c in piece)
    return "".join(out)


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def _resolved(path: str) -> str:
    """RFC 3986, 5.2.4: no dot segments, always a leading slash."""
    out: list[str] = []
    segments = path.split("/")[1:] if path.startswith("/") else path.split("/")
    for segment in segments:
        if segment == "..":
            del out[-1:]
        elif segment != ".":
            out.append(segment)
    if segments[-1] in (".", ".."):
        out.append("")
    return "/" + "/".join(out)


def _wrong(code: str, text: str, problem: str, cure: str) -> LocationError:
    shown = text[:60].encode("unicode_escape").decode("ascii") + ("..." if len(text) > 60 else "")
    return LocationError(code, f"'{shown}' {problem}; {cure}.")
