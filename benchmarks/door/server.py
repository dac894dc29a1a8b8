"""A running `unseen serve` with a database of its own."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

KEY = "only-for-the-benchmark-" * 3


@contextmanager
def running() -> Iterator[tuple[int, int]]:
    """Its port on this machine and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        own = {name: value for name, value in os.environ.items() if not name.startswith("UNSEEN_")}
        own |= {"UNSEEN_DATA_DIR": folder, "UNSEEN_SECRET_KEY": KEY, "UNSEEN_BIND": f"127.0.0.1:{port}"}
        own |= {"UNSEEN_LOG_LEVEL": "ERROR"}
        server = subprocess.Popen([".venv/bin/unseen", "serve"], env=own, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield port, server.pid
        finally:
            server.terminate()
            server.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start within half a minute")
