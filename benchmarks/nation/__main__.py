"""Lives of up to a million items through the real tables and the real worker: `make benchmark-nation`.

Writes results.json, README.md and nation.svg. NATION_PLATFORMS in the environment changes the number of platforms.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.nation import due_work, report
from benchmarks.nation.measure import DAYS_AFTER, ITEMS_A_DAY, Mark, run
from tests.postgres import cluster

FOLDER = Path(__file__).parent
# As a database server of its own would have: the default of the test server is made for a few rows.
POSTGRES = {"shared_buffers": "1GB", "max_wal_size": "4GB", "max_connections": "50"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--databases", default="postgres,sqlite", help="in which order")
    parser.add_argument("--workers", type=int, default=2, help="on PostgreSQL; SQLite has one writer")
    parser.add_argument("--a-day", type=int, default=ITEMS_A_DAY, help="items that are reported a day")
    parser.add_argument(
        "--minutes-max", type=float, default=120, help="each database; then it is measured so far"
    )
    parser.add_argument(
        "--open-items", type=int, default=1_000_000, help="for the queries that find due work; 0: no"
    )
    parser.add_argument(
        "--kills", type=int, default=0, help="workers killed at random moments, and started again"
    )
    parser.add_argument(
        "--url", default="", help="an empty PostgreSQL database, instead of a server of our own"
    )
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    parser.add_argument("--keep", action="store_true", help="keep earlier figures that are not measured now")
    parser.add_argument("--json", action="store_true", help="print what came out and write no files")
    parser.add_argument("--one", default="", help="internal: one part of the work, in a process of its own")
    parser.add_argument(
        "--days-after", type=int, default=DAYS_AFTER, help="simulated days after the last report"
    )
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_one(options)))
        return
    results: dict[str, Any] = machine.facts(options.note) | {"runs": {}, "due_work": {}}
    if options.keep and not options.json:
        earlier = json.loads((FOLDER / "results.json").read_text())
        results |= {name: earlier[name] for name in ("runs", "due_work")}
    for database in options.databases.split(","):
        if options.items:
            results["runs"][database] = _apart("run", database, options)
        if options.open_items:
            results["due_work"][database] = _apart("due", database, options)
    results["load_after"] = os.getloadavg()
    if options.json:
        print(json.dumps(results))
        return
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, FOLDER)


def _apart(part: str, database: str, options: argparse.Namespace) -> dict[str, Any]:
    """Django is set up once in a process, so that each database has a process of its own."""
    command = [sys.executable, "-m", "benchmarks.nation", *sys.argv[1:], "--one", f"{part} {database}"]
    with ExitStack() as stack:
        url = options.url or (stack.enter_context(cluster(POSTGRES)) if database == "postgres" else "sqlite")
        done = subprocess.run([*command, "--url", url], stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _one(options: argparse.Namespace) -> dict[str, Any]:
    part, database = options.one.split()
    if part == "due":
        with tempfile.TemporaryDirectory(prefix="unseen-nation-") as folder:
            return due_work.measure(Path(folder), options.url, options.open_items)
    workers = options.workers if database == "postgres" else 1
    return run(
        options.items,
        options.url,
        workers,
        _tell,
        a_day=options.a_day,
        kills=options.kills,
        minutes_max=options.minutes_max,
        days_after=options.days_after,
    )


def _tell(mark: Mark) -> None:
    if sys.stderr.isatty():
        rate = mark.steps / mark.busy_s if mark.busy_s else 0.0
        print(f"{mark.items:,} items, {mark.steps:,} steps, {rate:,.0f} a second", file=sys.stderr)


if __name__ == "__main__":
    main()
