"""Asking a forward proxy for a connection to an address that we have checked: HTTP CONNECT and SOCKS5.

The proxy never gets a name to look up: whoever chooses the address chooses whether it is internal
(docs/decisions/0031-proxies-connect-to-checked-addresses.md).
"""

from ipaddress import IPv4Address

import httpcore2

from unseen.fetch.addresses import Address

_HEAD_SIZE_BYTES_MAX = 8_192  # real proxies answer with some hundred bytes
_SOCKS_VERSION = 5
_SOCKS_NO_LOGIN = bytes((_SOCKS_VERSION, 1, 0))
_SOCKS_ADDRESS_SIZES = {1: 4, 4: 16}  # kind of address -> bytes (RFC 1928, 5)


class TunnelRefused(httpcore2.ConnectError):
    """The proxy made no connection."""


def open_tunnel(
    stream: httpcore2.NetworkStream, scheme: str, address: Address, port: int, timeout_s: float
) -> None:
    """Make `stream`, fresh from the proxy, a tunnel to `address`. `scheme`: "http" or "socks5". Raises TunnelRefused."""
    if scheme == "socks5":
        _by_socks(stream, address, port, timeout_s)
    else:
        _by_connect(stream, address, port, timeout_s)


def _by_connect(stream: httpcore2.NetworkStream, address: Address, port: int, timeout_s: float) -> None:
    """RFC 9110, 9.3.6."""
    target = f"{address}:{port}" if isinstance(address, IPv4Address) else f"[{address}]:{port}"
    stream.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode(), timeout_s)
    head = b""
    while b"\r\n\r\n" not in head:
        more = stream.read(_HEAD_SIZE_BYTES_MAX, timeout_s)
        head += more
        if not more or len(head) > _HEAD_SIZE_BYTES_MAX:
            raise TunnelRefused("the proxy did not answer in HTTP")
    status = head.split(b"\r\n", 1)[0].split(b" ")
    if not status[0].startswith(b"HTTP/1.") or len(status) < 2 or not status[1].startswith(b"2"):
        raise TunnelRefused("the proxy refused the connection")
    if head.partition(b"\r\n\r\n")[2]:  # the site does not speak first, so these bytes are the proxy's own
        raise TunnelRefused("the proxy sent bytes of its own into the tunnel")


def _by_socks(stream: httpcore2.NetworkStream, address: Address, port: int, timeout_s: float) -> None:
    """RFC 1928, without a log-in."""
    stream.write(_SOCKS_NO_LOGIN, timeout_s)
    if _exactly(stream, 2, timeout_s) != bytes((_SOCKS_VERSION, 0)):
        raise TunnelRefused("the proxy wants a log-in, or does not speak SOCKS5")
    kind = 1 if isinstance(address, IPv4Address) else 4
    stream.write(bytes((_SOCKS_VERSION, 1, 0, kind)) + address.packed + port.to_bytes(2), timeout_s)
    version, reply, _, kind = _exactly(stream, 4, timeout_s)
    if version != _SOCKS_VERSION or reply != 0 or kind not in _SOCKS_ADDRESS_SIZES:
        raise TunnelRefused("the proxy refused the connection")
    _exactly(stream, _SOCKS_ADDRESS_SIZES[kind] + 2, timeout_s)


def _exactly(stream: httpcore2.NetworkStream, size_bytes: int, timeout_s: float) -> bytes:
    got = b""
    while len(got) < size_bytes:
        more = stream.read(size_bytes - len(got), timeout_s)
        if not more:
            raise TunnelRefused("the proxy closed the connection")
        got += more
    return got
