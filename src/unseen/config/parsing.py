"""One strict parser per kind of option value; each raises `Unreadable` with the problem in plain words."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from unseen.config.values import (
    Bind,
    ClockOption,
    Database,
    PostgresDatabase,
    Secret,
    SmtpServer,
    SqliteDatabase,
)
from unseen.fetch.vantage import Vantage, VantageError, parse_vantages

NAME_LENGTH_MAX = 200  # a name in a mail header; longer is a paste accident
SECRET_LENGTH_MIN = 32  # Django's own floor is 50 characters of its alphabet; 32 hex digits carry 128 bits


T = TypeVar("T")


class Unreadable(ValueError):
    """The text cannot be a value of this kind; the message says why, as a full sentence."""


def text(raw: str) -> str:
    """One line of printable text: it may end up in a mail header, so no control characters."""
    if not raw.isprintable():
        raise Unreadable("it contains a line break or another control character.")
    if len(raw) > NAME_LENGTH_MAX:
        raise Unreadable(f"it is {len(raw)} characters long; {NAME_LENGTH_MAX} is the most.")
    return raw


def boolean(raw: str) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if raw.lower() not in words:
        raise Unreadable(f"'{raw}' is neither true nor false.")
    return words[raw.lower()]


def hours(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", raw) or not 1 <= int(raw) <= 24 * 30:
        raise Unreadable(f"'{raw}' is not a whole number of hours from 1 to 720.")
    return int(raw)


def port(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", raw) or not 1 <= int(raw) <= 65535:
        raise Unreadable(f"'{raw}' is not a port from 1 to 65535.")
    return int(raw)


def path(raw: str) -> Path:
    if "\0" in raw:
        raise Unreadable("it contains a NUL character.")
    return Path(raw).expanduser().absolute()


def optional(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """The same parser, with None for an option that is not set."""
    return lambda raw: parse(raw) if raw else None


def comma_list(parse: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    return lambda raw: tuple(parse(part.strip()) for part in raw.split(",") if part.strip())


def network(raw: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(raw)
    except ValueError as error:
        raise Unreadable(f"'{raw}' is not a network address ({error}).") from error


def domain(raw: str) -> str:
    """A DNS name in its ASCII form (RFC 1123 labels), or empty."""
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if raw and (len(raw) > 253 or not re.fullmatch(rf"{label}(\.{label})+", raw)):
        raise Unreadable(f"'{raw}' is not a lower-case domain name with a dot in it.")
    return raw


def email(raw: str) -> str:
    """A plain addr-spec without quoting or comments; empty stays empty."""
    if not raw:
        return raw
    local, _, host = raw.rpartition("@")
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", local):
        raise Unreadable(f"'{raw}' is not a mail address.")
    domain(host)
    if not host:
        raise Unreadable(f"'{raw}' has nothing after its @ sign.")
    return raw


def selector(raw: str) -> str:
    """A DKIM selector (RFC 6376, 3.1): DNS labels in lower case."""
    if len(raw) > 63 or not re.fullmatch(
        r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", raw
    ):
        raise Unreadable(f"'{raw}' is not a DNS name in lower case.")
    return raw


def public_address(raw: str) -> str:
    """https, a host name, and no more: paths are ours. Plain http is for names under .test and this machine only."""
    found = urlsplit(raw)
    host = found.hostname or ""
    plain = found.scheme == "http" and (host.endswith(".test") or host in ("127.0.0.1", "localhost"))
    if found.scheme != "https" and not plain:
        raise Unreadable(f"'{raw}' does not begin with https://.")
    rest = found.path.strip("/") or found.query or found.fragment or found.username or found.password
    if rest or not found.hostname or not raw.isascii() or not raw.isprintable():
        raise Unreadable(f"'{raw}' is more than https:// and a host name.")
    return raw.rstrip("/")


def country(raw: str) -> str:
    """ISO 3166-1 alpha-2, capital letters."""
    if not re.fullmatch(r"[A-Z]{2}", raw):
        raise Unreadable(f"'{raw}' is not a country code of two capital letters.")
    return raw


def log_level(raw: str) -> str:
    if raw not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise Unreadable(f"'{raw}' is not DEBUG, INFO, WARNING or ERROR.")
    return raw


def native(raw: str) -> str:
    if raw not in {"", "off", "scalar", "avx2", "avx512"}:
        raise Unreadable(f"'{raw}' is not off, scalar, avx2 or avx512.")
    return raw


def secret(raw: str) -> Secret:
    return Secret(raw)


def long_secret(raw: str) -> Secret | None:
    if raw and len(raw) < SECRET_LENGTH_MIN:
        raise Unreadable(
            f"it is {len(raw)} characters long; {SECRET_LENGTH_MIN} is the least that cannot be guessed."
        )
    return Secret(raw) if raw else None


def bind(raw: str) -> Bind:
    host, colon, number = raw.rpartition(":")
    if not colon or not host:
        raise Unreadable(f"'{raw}' is not address:port.")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ip_address(host)
    except ValueError as error:
        raise Unreadable(f"'{host}' is not an IP address.") from error
    return Bind(host, port(number))


def clock(raw: str) -> ClockOption:
    if raw == "system":
        return ClockOption()
    if raw.startswith("file:/"):
        return ClockOption(Path(raw.removeprefix("file:")))
    raise Unreadable(f"'{raw}' is neither 'system' nor 'file:/absolute/path'.")


def smtp(raw: str) -> SmtpServer:
    parts = _split(raw)
    tls = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "implicit"}.get(parts.scheme)
    if tls is None:
        raise Unreadable(f"it starts with '{parts.scheme}:', not with smtp:, smtp+starttls: or smtps:.")
    if parts.password:
        raise Unreadable("it contains a password, and passwords have a variable of their own.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise Unreadable("it has something after the port.")
    host, number = _host_and_port(raw, {"none": 25, "starttls": 587, "implicit": 465}[tls])
    if not host:
        raise Unreadable("it names no host.")
    return SmtpServer(host, number, unquote(parts.username or ""), tls)


def database(raw: str) -> Database:
    """`sqlite:///absolute/or/relative/path` or `postgresql://role:password@host:port/name`."""
    scheme = _split(raw).scheme
    if scheme == "sqlite":
        return _sqlite(raw)
    if scheme in {"postgresql", "postgres"}:
        return _postgres(raw)
    raise Unreadable(f"it starts with '{scheme}:', and only sqlite: and postgresql: are supported.")


def _sqlite(raw: str) -> SqliteDatabase:
    rest = raw.removeprefix("sqlite:///")
    if rest == raw or not rest or "?" in rest:
        raise Unreadable("a SQLite address is sqlite:/// followed by the path of one file.")
    return SqliteDatabase(path(unquote(rest)))


def _postgres(raw: str) -> PostgresDatabase:
    parts = _split(raw)
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise Unreadable("it must end in /NAME, the name of one database.")
    if parts.fragment:
        raise Unreadable("it has a '#' in it; write a '#' in a password as %23.")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(query) - {"host", "sslmode"})
    if unknown:
        raise Unreadable(f"'{unknown[0]}' after the '?' is not understood; host and sslmode are.")
    host, number = _host_and_port(raw, 5432)
    return PostgresDatabase(
        name=name,
        host=query.get("host", host),
        port=number,
        role=unquote(parts.username or ""),
        password=Secret(unquote(parts.password or "")),
        sslmode=query.get("sslmode", ""),
    )


def _split(raw: str) -> SplitResult:
    try:
        return urlsplit(raw)
    except ValueError as error:
        raise Unreadable("its host is not well formed.") from error


def _host_and_port(raw: str, port_default: int) -> tuple[str, int]:
    parts = _split(raw)
    try:
        return unquote(parts.hostname or ""), parts.port or port_default
    except ValueError as error:
        raise Unreadable("its port is not a number from 1 to 65535.") from error


def vantages(raw: str) -> tuple[Vantage, ...]:
    """A JSON list of objects with name, country, user_agent, address or proxy, and own_address."""
    try:
        return parse_vantages(raw) if raw else ()
    except VantageError as error:
        raise Unreadable(str(error)) from error
