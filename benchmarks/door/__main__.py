"""200 reports a second for a minute through the door of `unseen serve`, and every receipt opened afterwards: `make benchmark-door`.

What is sent is the last page of a report, which is where all the work is; its answers are sealed beforehand. Writes
results.json and README.md.
"""

import argparse
import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.conf import settings

from benchmarks import machine

FOLDER = Path(__file__).parent
KEY = "only-for-the-benchmark-" * 3
THREADS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--a-second", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    parser.add_argument("--json", action="store_true", help="print what came out and write no files")
    options = parser.parse_args()
    settings.configure(SECRET_KEY=KEY)
    result = machine.facts(options.note) | measure(options.a_second, options.seconds)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    (FOLDER / "results.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (FOLDER / "README.md").write_text(page(result), encoding="utf-8")


def measure(a_second: float, seconds: float) -> dict[str, Any]:
    """Start a server with a database of its own, flood it, come back with every receipt."""
    from benchmarks.door.visitors import open_all, send

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        own = {name: value for name, value in os.environ.items() if not name.startswith("UNSEEN_")}
        own |= {"UNSEEN_DATA_DIR": folder, "UNSEEN_SECRET_KEY": KEY, "UNSEEN_BIND": f"127.0.0.1:{port}"}
        own |= {"UNSEEN_LOG_LEVEL": "ERROR"}
        server = subprocess.Popen([".venv/bin/unseen", "serve"], env=own, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port)
            before = _cpu_seconds(server.pid)
            began = time.perf_counter()
            tally = send(port, a_second, seconds, THREADS)
            took = time.perf_counter() - began
            cpu = _cpu_seconds(server.pid) - before
            opened, waits, opening = open_all(port, tally, THREADS)
        finally:
            server.terminate()
            server.wait()
    cuts = quantiles(tally.seconds, n=100)
    return {
        "wanted_a_second": a_second,
        "sent": tally.sent,
        "accepted": len(tally.receipts),
        "refused": tally.refused[:10],
        "opened_afterwards": opened,
        "told_to_wait_when_opening": waits,
        "lost": len(tally.receipts) - opened,
        "seconds": round(took, 1),
        "accepted_a_second": round(len(tally.receipts) / took, 1),
        "answer_median_ms": round(cuts[49] * 1000),
        "answer_p95_ms": round(cuts[94] * 1000),
        "server_cpu_ms_a_report": round(cpu / max(1, tally.sent) * 1000, 2),
        "opened_a_second": round(opened / opening, 1),
    }


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start within half a minute")


def _cpu_seconds(pid: int) -> float:
    """Of the server and its worker process."""
    ticks = 0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    for one in [str(pid), *children]:
        fields = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def page(result: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in result.items())
    return (
        "# The door under load\n\n"
        "Written by `make benchmark-door`: the last page of a report (two fingerprints, three places), sent to `unseen serve` "
        "on SQLite, the senders on the same machine; afterwards every receipt is typed and must show its own place.\n\n"
        "Target: 200 reports a second accepted on two cores for a minute, 0 lost.\n\n"
        f"| | |\n|---|---|\n{lines}\n"
    )


if __name__ == "__main__":
    main()
