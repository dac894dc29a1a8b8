"""A small forward proxy on loopback, CONNECT and SOCKS5, that writes down what it was asked and may misbehave."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address


@dataclass
class Proxy:
    """`exit_at`: the address from which it asks. `answers`: what it says instead. `asked`: every target, as written."""

    exit_at: str = ""
    port: int = 0
    answers: bytes | None = None
    asked: list[str] = field(default_factory=list)


class Handler(socketserver.BaseRequestHandler):
    """One client: reads the wish, connects, and carries bytes both ways."""

    proxy: Proxy

    def handle(self) -> None:
        first = self.request.recv(1, socket.MSG_PEEK)
        host, port = self._socks() if first == b"\x05" else self._connect()
        self.proxy.asked.append(f"{host}:{port}")
        if self.proxy.answers is not None:
            self.request.sendall(self.proxy.answers)
            return
        with socket.create_connection((host, port), 5, (self.proxy.exit_at, 0)) as there:
            there.settimeout(None)
            done = b"\x05\x00\x00\x01" + bytes(6) if first == b"\x05" else b"HTTP/1.1 200 yes\r\n\r\n"
            self.request.sendall(done)
            back = threading.Thread(target=_carry, args=(there, self.request), daemon=True)
            back.start()
            _carry(self.request, there)
            back.join(2)

    def _connect(self) -> tuple[str, int]:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.request.recv(4_096)
        host, _, port = head.split(b" ")[1].decode().rpartition(":")
        return host.strip("[]"), int(port)

    def _socks(self) -> tuple[str, int]:
        assert self.request.recv(3) == b"\x05\x01\x00"
        self.request.sendall(b"\x05\x00")
        head = self.request.recv(4)
        assert head[3] in (1, 4), "a name was handed over"
        address = ip_address(self.request.recv(4 if head[3] == 1 else 16))
        return str(address), int.from_bytes(self.request.recv(2))


def _carry(here: socket.socket, there: socket.socket) -> None:
    try:
        while some := here.recv(65_536):
            there.sendall(some)
        there.shutdown(socket.SHUT_WR)
    except OSError:
        return


@contextmanager
def running_proxy(address: str = "127.1.0.8", exit_at: str = "") -> Iterator[Proxy]:
    """A proxy on a port of its own, until the `with` ends."""
    proxy = Proxy(exit_at)
    handler = type("BoundHandler", (Handler,), {"proxy": proxy})
    with socketserver.ThreadingTCPServer((address, 0), handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients that leave are what some tests are about
        proxy.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield proxy
        server.shutdown()
