"""Servers that keep every byte they are sent, and break the line at the moment that a test names."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader

ADDRESS = "127.1.0.9"
PATIENCE_S = 5.0
RECEIPT = b'{"receipt": "R-1", "received_at": "2026-11-23T12:00:00+00:00"}'


class Hangup(Exception):
    """The test wanted the line to break here."""


@dataclass
class RawServer:
    """`breaks_at` names the moment at which it closes the line; `says` what it answers at a moment instead."""

    breaks_at: str = ""
    says: dict[str, bytes] = field(default_factory=dict)
    heard: list[bytes] = field(default_factory=list)
    port: int = 0

    def converse(self, line: socket.socket) -> None:
        raise NotImplementedError

    def moment(self, name: str, line: socket.socket, answer: bytes) -> None:
        """Break off, or answer."""
        if self.breaks_at == name:
            raise Hangup
        line.sendall(self.says.get(name, answer))


@dataclass
class RawSmtp(RawServer):
    """One conversation is the list of its commands; each message is kept as it stood between DATA and the last dot."""

    commands: list[bytes] = field(default_factory=list)

    def converse(self, line: socket.socket) -> None:
        self.moment("greeting", line, b"220 relay.test\r\n")
        file = line.makefile("rb")
        for command in iter(file.readline, b""):
            self.commands.append(command)
            verb = command[:4].upper().strip()
            if verb == b"DATA":
                self.moment("DATA", line, b"354 go on\r\n")
                if self.says.get("DATA", b"354").startswith(b"354"):
                    self._message(file, line)
            elif verb == b"QUIT":
                self.moment("QUIT", line, b"221 bye\r\n")
                return
            else:
                self.moment(verb.decode("latin-1"), line, b"250 relay.test\r\n")

    def _message(self, file: BufferedReader, line: socket.socket) -> None:
        if self.breaks_at == "middle":
            file.readline()
            raise Hangup
        kept = b""
        while not kept.endswith(b"\r\n.\r\n"):
            got = file.readline()
            if not got:
                return
            kept += got
        self.heard.append(kept)
        self.moment("dot", line, b"250 2.0.0 OK: queued as 17\r\n")


@dataclass
class RawHttp(RawServer):
    """Each request is kept whole; GET answers `says["GET"]`, POST `says["POST"]`."""

    def converse(self, line: socket.socket) -> None:
        if self.breaks_at == "greeting":
            raise Hangup
        got = b""
        while chunk := line.recv(65_536):
            got += chunk
            if self.breaks_at == "middle":
                raise Hangup
            head, found, body = got.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            if not found or len(body) < (int(length[1]) if length else 0):
                continue
            self.heard.append(got)
            if self.breaks_at == "half":
                line.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 60\r\n\r\n{")
                raise Hangup
            self.moment(got.partition(b" ")[0].decode("latin-1"), line, http(202, RECEIPT))
            got = b""


def http(status: int, body: bytes = b"", extra: bytes = b"") -> bytes:
    """An answer with this status and body."""
    return b"HTTP/1.1 %d Said\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), extra, body)


@contextmanager
def listening(server: RawServer) -> Iterator[None]:
    """Serve until the block is left."""
    with socket.create_server((ADDRESS, 0), backlog=16) as door:
        server.port = door.getsockname()[1]
        thread = threading.Thread(target=_serve, args=(server, door), daemon=True)
        thread.start()
        try:
            yield
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_S)


def _serve(server: RawServer, door: socket.socket) -> None:
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return  # closed
        threading.Thread(target=_converse, args=(server, line), daemon=True).start()


def _converse(server: RawServer, line: socket.socket) -> None:
    with line:
        line.settimeout(PATIENCE_S)
        try:
            server.converse(line)
        except (Hangup, OSError):
            return
