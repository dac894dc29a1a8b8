"""The door under load and its first page on a slow phone: `make benchmark-door`.

200 reports a second for a minute go through the door of `unseen serve`, and every receipt is opened afterwards. What is sent is
the last page of a report, which is where all the work is; its answers are signed beforehand. Writes results.json,
first_page.json and README.md.
"""

import argparse
import json
import os
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.conf import settings

from benchmarks import machine
from benchmarks.door import first_page, report
from benchmarks.door.server import KEY, running

THREADS = 8
ROUNDS = 9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--a-second", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    parser.add_argument("--only", choices=("load", "first-page"), help="measure one of the two")
    options = parser.parse_args()
    settings.configure(SECRET_KEY=KEY)
    if options.only != "first-page":
        _keep(report.LOAD, machine.facts(options.note) | measure(options.a_second, options.seconds))
    if options.only != "load":
        _keep(report.FIRST_PAGE, machine.facts(options.note) | first_page.measure(ROUNDS))
    report.write()


def _keep(file: Path, result: dict[str, Any]) -> None:
    file.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(a_second: float, seconds: float) -> dict[str, Any]:
    """Start a server with a database of its own, flood it, come back with every receipt."""
    from benchmarks.door.visitors import open_all, send

    with running() as (port, pid):
        before = _cpu_seconds(pid)
        began = time.perf_counter()
        tally = send(port, a_second, seconds, THREADS)
        took = time.perf_counter() - began
        cpu = _cpu_seconds(pid) - before
        opened, waits, opening = open_all(port, tally, THREADS)
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


def _cpu_seconds(pid: int) -> float:
    """Of the server and its worker process."""
    ticks = 0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    for one in [str(pid), *children]:
        fields = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
