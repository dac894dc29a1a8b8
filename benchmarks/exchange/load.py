"""Load on one server: wrk on one core, the server on another, and the server's processor time beside wrk's own figures."""

import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

STARTS_WITHIN_S = 600  # HMA reads a million entries out of its database first
BATCH_FINGERPRINTS = 1_000
_CONNECTIONS = 16
_BATCH_CONNECTIONS = 4

_SINGLE = """
local asks = {}
for line in io.lines("%s") do asks[#asks + 1] = wrk.format("GET", line) end
local at = 0
request = function() at = at %% #asks + 1; return asks[at] end
"""
_BATCHES = """
local file = io.open("%s", "rb")
local asks = {}
while true do
  local body = file:read(%d)
  if not body then break end
  asks[#asks + 1] = wrk.format("POST", "%s", {["Content-Type"] = "application/octet-stream"}, body)
end
local at = 0
request = function() at = at %% #asks + 1; return asks[at] end
"""


@dataclass(frozen=True)
class Load:
    """What one route bore. `cpu_us`: processor time of the server a request, its children's included."""

    a_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    refused: int

    def facts(self) -> dict[str, float]:
        return {name: round(value, 3) for name, value in asdict(self).items()}


@contextmanager
def running(command: Sequence[str], port: int, core: int, log: Path, env: Mapping[str, str]) -> Iterator[int]:
    """A server on one core; yields its process id once `/status` is 200."""
    with log.open("wb") as file:
        server = subprocess.Popen(
            ["taskset", "-c", str(core), *command], stdout=file, stderr=file, env={**os.environ, **env}
        )
    try:
        _wait_until_ready(server, port, log)
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


@dataclass(frozen=True)
class Asker:
    """wrk on one core, against one server. `folder`: for what it reads."""

    port: int
    pid: int
    core: int
    seconds: int
    folder: Path

    def single(self, paths: Sequence[str]) -> Load:
        """Look-ups by GET, one after the other on each of 16 connections."""
        return self._measured(self._lookups(paths))

    def batches(self, queries: np.ndarray, path: str) -> Load:
        """Batches by POST, on 4 connections."""
        return self._measured(self._batches(queries, path))

    def single_beside_batches(self, paths: Sequence[str], queries: np.ndarray, path: str) -> Load:
        """Look-ups, while others send batches."""
        beside = subprocess.Popen(
            [*self._batches(queries, path), f"-d{self.seconds + 10}s"], stdout=subprocess.DEVNULL
        )
        try:
            return self._measured(self._lookups(paths))
        finally:
            beside.terminate()
            beside.wait()

    def _lookups(self, paths: Sequence[str]) -> list[str]:
        (self.folder / "paths").write_text("\n".join(paths))
        return self._command("lookups.lua", _SINGLE % (self.folder / "paths"), _CONNECTIONS)

    def _batches(self, queries: np.ndarray, path: str) -> list[str]:
        whole = queries[: len(queries) // BATCH_FINGERPRINTS * BATCH_FINGERPRINTS]
        (self.folder / "bodies").write_bytes(whole.tobytes())
        script = _BATCHES % (self.folder / "bodies", 32 * BATCH_FINGERPRINTS, path)
        return self._command("batches.lua", script, _BATCH_CONNECTIONS)

    def _command(self, name: str, script: str, connections: int) -> list[str]:
        (self.folder / name).write_text(script)
        return [
            "taskset", "-c", str(self.core), "wrk", "-t1", f"-c{connections}", "--latency", "-s", str(self.folder / name),
            f"http://127.0.0.1:{self.port}",
        ]  # fmt: skip

    def _measured(self, command: Sequence[str]) -> Load:
        subprocess.run([*command, "-d2s"], check=True, capture_output=True)  # caches, and copies of tables
        before = cpu_s(self.pid)
        done = subprocess.run([*command, f"-d{self.seconds}s"], check=True, capture_output=True, text=True)
        return _load_of(done.stdout, cpu_s(self.pid) - before)


def _load_of(told: str, used_s: float) -> Load:
    requests = int(_found(r"(\d+) requests in", told))
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return Load(
        float(_found(r"Requests/sec:\s+([\d.]+)", told)),
        _ms(_found(r"\n\s+50%\s+(\S+)", told)),
        _ms(_found(r"\n\s+99%\s+(\S+)", told)),
        used_s / max(1, requests) * 1e6,
        int(refused[1]) if refused else 0,
    )


def cpu_s(pid: int) -> float:
    """Processor time of a process and of all below it."""
    below = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    parents = {each: _stat(each) for each in below}
    chosen, total = {pid}, 0.0
    for _ in range(5):  # as deep as any server's family is
        chosen |= {each for each, stat in parents.items() if stat and int(stat[1]) in chosen}
    for each in chosen:
        if stat := parents.get(each):
            total += (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _wait_until_ready(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    give_up = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    server.kill()
    raise SystemExit(f"the server did not start; the end of {log}:\n{log.read_text()[-2000:]}")


def _found(pattern: str, told: str) -> str:
    found = re.search(pattern, told)
    if not found:
        raise SystemExit(f"wrk said something else than expected:\n{told}")
    return found[1]


def _ms(words: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", words).groups()  # type: ignore[union-attr]  # wrk writes no others
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]
