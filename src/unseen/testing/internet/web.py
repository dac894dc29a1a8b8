"""The web of the small internet: one HTTP/1.1 listener per party, one port, a loopback address for each."""

import errno
import selectors
import socket
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from unseen.testing.internet import api
from unseen.testing.internet.party import Answer, Party
from unseen.testing.internet.visitors import STRANGERS, visitor_at
from unseen.testing.internet.world import Request, World

FIRST_PORT: Final = 8001
PORTS_TRIED_MAX: Final = 200
BODY_BYTES_MAX: Final = 1 << 20


class NoFreePort(Exception):
    """Too many ports are taken on the loopback addresses of the small internet."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Listener"

    def do_GET(self) -> None:
        self._serve(send_body=True)

    def do_HEAD(self) -> None:
        self._serve(send_body=False)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > BODY_BYTES_MAX:
            self.close_connection = True
            self._write(Answer(413, b"too large", "text/plain"), send_body=True)
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # the sender died half way: nothing was received
            self.close_connection = True
            return
        party, world = self.server.party, self.server.party.world
        with world.lock:
            now, path = world.settle(), urlsplit(self.path).path
            if path == api.UPLOAD_PATH:
                self._write(api.post_upload(party, body), send_body=True)
                return
            answer = api.post_notice(party, path, self.headers.get("Idempotency-Key", ""), body, now)
        world.wire("http_notice:before_reply")
        self._write(answer, send_body=True)
        world.wire("http_notice:after_reply")

    def _serve(self, *, send_body: bool) -> None:
        world = self.server.party.world
        with world.lock:
            answer = self._answer()
        world.wire("page")
        self._write(answer, send_body=send_body)

    def _answer(self) -> Answer:
        party, world = self.server.party, self.server.party.world
        now, parts = world.settle(), urlsplit(self.path)
        host = self.headers.get("Host", "").partition(":")[0].lower()
        address = str(self.client_address[0])
        if parts.path.startswith(api.PATH + "/"):
            return api.get_notice(party, parts.path.removeprefix(api.PATH + "/"))
        agent = self.headers.get("User-Agent", "")
        if host not in party.hosts:
            answer = Answer(421, b"no such site here", "text/plain")
        else:
            visitor = visitor_at(address, self.headers.get("Cookie", ""), agent, host, self.server.edge)
            answer = party.get(visitor, parts.path, parts.query, now)
        world.requests.append(Request(address, agent, host, self.path, now, answer.status))
        return answer

    def _write(self, answer: Answer, *, send_body: bool) -> None:
        reason = self.responses.get(answer.status, ("",))[0]
        lines = [f"HTTP/1.1 {answer.status} {reason}", f"Content-Length: {len(answer.body)}"]
        lines.append(f"Content-Type: {answer.content_type}")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if self.close_connection:
            lines.append("Connection: close")
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        self.wfile.write(head + answer.body if send_body else head)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in http.server
        """Quiet: the log of requests is world.requests."""


class _Listener(ThreadingHTTPServer):
    """One party's server; it counts its open connections, except those of the judges' strangers."""

    request_queue_size = 64

    def __init__(self, party: Party, address: str, port: int, edge: int) -> None:
        self.party = party
        self.edge = edge
        self.open: dict[socket.socket, str] = {}
        self.changed = threading.Condition()
        super().__init__((address, port), _Handler)
        self.socket.setblocking(False)

    def server_bind(self) -> None:
        """Without HTTPServer's look-up of the machine's name, which can take seconds offline."""
        if self.allow_reuse_address:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def accept_one(self) -> None:
        try:
            connection, client = self.get_request()
        except OSError:
            return  # the client gave up before we got to it
        with self.changed:
            self.open[connection] = str(client[0])
        self.process_request(connection, client)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self.changed:
            self.open.pop(request, None)
            self.changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client killed in the middle of a reply is the demo's daily bread; anything else is news."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def quiet(self, until: float) -> bool:
        with self.changed:
            return self.changed.wait_for(self._none_open, max(0.0, until - time.monotonic()))

    def _none_open(self) -> bool:
        return all(client in STRANGERS for client in self.open.values())

    def hang_up(self) -> None:
        with self.changed:
            for connection in self.open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # already gone
        self.server_close()


class Web:
    """All listeners, and the one thread that accepts for them."""

    def __init__(self, world: World, addresses: Mapping[str, Sequence[str]]) -> None:
        """`addresses`: party key -> loopback addresses. Raises NoFreePort."""
        self._listeners = _listen(world, addresses)
        self.port = self._listeners[0].server_port
        self._selector = selectors.DefaultSelector()
        for listener in self._listeners:
            self._selector.register(listener, selectors.EVENT_READ, listener)
        self._woken, self._waker = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._drained = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._accept, name="small-internet-web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._waker.send(b"x")
        self._thread.join()
        for listener in self._listeners:
            listener.hang_up()
        self._selector.close()
        self._woken.close()
        self._waker.close()

    def quiet(self, until: float) -> bool:
        """Accept what waits at the door, then wait till every connection is closed; False at `until`."""
        self._drained.clear()
        self._waker.send(b"x")
        self._drained.wait(max(0.0, until - time.monotonic()))
        return all(listener.quiet(until) for listener in self._listeners)

    def _accept(self) -> None:
        while not self._stopping:
            ready = [key.data for key, _ in self._selector.select()]
            for listener in filter(None, ready):
                listener.accept_one()
            if ready == [None]:
                self._woken.recv(64)
                self._drained.set()


def _listen(world: World, addresses: Mapping[str, Sequence[str]]) -> list[_Listener]:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED_MAX):
        listeners: list[_Listener] = []
        try:
            for key, own in addresses.items():
                for edge, address in enumerate(own):
                    listeners.append(_Listener(world.parties[key], address, port, edge))
            return listeners
        except OSError as error:
            for listener in listeners:
                listener.server_close()
            if error.errno != errno.EADDRINUSE:
                raise
    last = FIRST_PORT + PORTS_TRIED_MAX - 1
    raise NoFreePort(
        f"no port from {FIRST_PORT} to {last} is free on all of 127.1.0.x and 127.1.1.x; stop another demo first"
    )
