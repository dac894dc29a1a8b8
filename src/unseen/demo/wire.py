"""Records what a reporter's device sends to the intake: a plain relay of one address that keeps every byte."""

import socket
import threading
from types import TracebackType
from typing import Self

_CHUNK = 65_536


class Recorder:
    """Listens on loopback, passes everything on to `target` (host:port), and keeps what the client sent."""

    def __init__(self, target: str) -> None:
        host, _, port = target.partition(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._parts: list[bytes] = []
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def sent(self) -> bytes:
        """Every byte that the client sent, request lines and headers included."""
        return b"".join(self._parts)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            server = socket.create_connection(self._target)
            threading.Thread(target=self._pass_on, args=(client, server, self._parts), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, client, None), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, kept: list[bytes] | None) -> None:
        try:
            while chunk := source.recv(_CHUNK):
                if kept is not None:
                    kept.append(chunk)
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the other side hung up
