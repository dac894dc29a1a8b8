"""The two commands that never end by themselves: started as a centre starts them, stopped as its init system does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest

from unseen.intake.tests.reports import said
from unseen.testing.clock import FileClock

pytestmark = pytest.mark.slow
STOPS_WITHIN_S = 20.0
UNSEEN = [sys.executable, "-c", "from unseen.cli import main; main()"]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a centre with a data folder of its own, on SQLite whatever the tests run on."""
    folder = tmp_path_factory.mktemp("centre")
    clock = folder / "clock"
    FileClock(clock).set(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return ours | {
        "UNSEEN_DATA_DIR": str(folder / "data"),
        "UNSEEN_CLOCK": f"file:{clock}",
        "UNSEEN_FETCH_ALLOW_NETWORKS": "127.0.0.0/8",  # a clock from a file goes with loopback only
        "UNSEEN_LOG_LEVEL": "INFO",
        "UNSEEN_WORKER_NAME": "one",
    }


@contextmanager
def started(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*UNSEEN, *arguments], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def stop(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(STOPS_WITHIN_S)


def first_line(process: subprocess.Popen[str], stream: str, words: str) -> str:
    """The first line that holds these words; the process's own end ends the wait."""
    lines = iter((process.stdout if stream == "stdout" else process.stderr) or ())
    return next((line for line in lines if words in line), "it ended")


def test_a_worker_starts_on_an_empty_folder_keeps_its_name_and_stops_when_told(
    centre: dict[str, str],
) -> None:
    with started(centre, "worker") as worker:
        assert json.loads(first_line(worker, "stderr", "worker started"))["count"] == 0
        second = subprocess.run([*UNSEEN, "worker"], env=centre, text=True, capture_output=True, check=False)
        assert second.returncode == 2
        assert "a worker named 'one' is running" in second.stderr
        assert stop(worker) == 0


def test_the_server_takes_a_report_and_stops_when_told(centre: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with started(centre | {"UNSEEN_BIND": f"127.0.0.1:{port}"}, "serve") as server:
        assert f"http://127.0.0.1:{port}" in first_line(server, "stdout", "Unseen serves")
        status, answer = post(port, "/api/intake/reports", said())
        assert status == 201, answer
        assert post(port, "/api/intake/withdrawals", answer) == (200, {"done": True})
        assert stop(server) == 0
        assert server.stderr is not None
        assert "nobody can log in to the desk yet" in server.stderr.read()


def post(port: int, path: str, body: object) -> tuple[int, object]:
    """Ask until the server listens, which it says nowhere."""
    give_up = time.monotonic() + STOPS_WITHIN_S
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=STOPS_WITHIN_S)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except ConnectionRefusedError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        finally:
            connection.close()
