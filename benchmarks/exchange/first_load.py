"""First load of a replica over HTTP on this machine, and a day's lines afterwards.

`python -m benchmarks.exchange.first_load --entries 10000000` needs 4 GB of disk and some minutes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.exchange import made_feed
from unseen.replica.peer import begin

RESULTS = Path(__file__).with_name("first_load.json")
PAGE = RESULTS.with_suffix(".md")
_PAGE = """# First load of a replica

Written by `make benchmark-exchange`; do not edit. A follower (one process) reads drawn entries over HTTP from another process on the same machine, checks every page
and its tree, and stores them; then a day's {day:,} lines, of which a tenth are withdrawals of earlier entries; then a start of the follower anew.

Targets: first load under 60 s and under 2 GB; a day under 2 s.

{machine}

| | seconds | processor seconds | memory at most, MB | its own, without mapped files, MB |
|---|---:|---:|---:|---:|
{rows}

*Memory at most* is the resident set with what the follower has mapped of its own files, which the system takes back when others need it.
*Processor seconds* are of the follower alone, both threads; the process that serves the pages took some more on the other core.
"""
_ROWS = {"first": "first load of {entries:,} entries", "day": "a day", "start_again": "a start"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--day", type=int, default=50_000)
    parser.add_argument("--note", default="")
    parser.add_argument("--keep", action="store_true", help="write the figures into first_load.json")
    options = parser.parse_args()
    results: dict[str, Any] = machine.facts(options.note)
    with tempfile.TemporaryDirectory(prefix="unseen-first-load-") as base:
        made_feed.make(Path(base), options.entries, options.day)
        results |= measured(Path(base), options.entries)
    results["load_after"] = machine.facts("")["load_before"]
    sys.stdout.write(json.dumps(results, indent=1) + "\n")
    if options.keep:
        rows = [_row(words.format(entries=options.entries), results[name]) for name, words in _ROWS.items()]
        page = _PAGE.format(day=options.day, machine=machine.line(results), rows="\n".join(rows))
        PAGE.write_text(page, encoding="utf-8")
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _row(words: str, facts: dict[str, Any]) -> str:
    numbers = [facts[name] for name in ("seconds", "cpu_seconds", "memory_max_mb", "own_memory_now_mb")]
    return f"| {words} | {numbers[0]:.1f} | {numbers[1]:.1f} | {numbers[2]:,} | {numbers[3]:,} |"


def measured(base: Path, entries: int) -> dict[str, Any]:
    """The first load, a day in the same process, and a start afterwards."""
    module = "benchmarks.exchange.made_feed"
    with subprocess.Popen(
        [sys.executable, "-m", module, base, str(entries)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        folder = base / "replica"
        begin(folder, made_feed.invitation(int(server.stdout.readline())))
        try:
            first = turns(folder, 1, base / "day")
            return {"first": first[1], "day": first[2], "start_again": turns(folder, 0, base / "day")[0]}
        finally:
            server.kill()


def turns(folder: Path, count: int, day: Path) -> list[dict[str, Any]]:
    """What a follower says when it has started, after its turns, and after one more once the day's lines are there."""
    command = [sys.executable, "-m", "benchmarks.exchange.follower", folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdin is not None
        assert follower.stdout is not None
        said = [json.loads(follower.stdout.readline())]
        for _ in range(2 * count):
            follower.stdin.write("\n")
            follower.stdin.flush()
            said.append(json.loads(follower.stdout.readline()))
            day.touch()
        follower.stdin.close()
    if any(one["trouble"] for one in said):
        raise SystemExit(f"the follower had trouble: {said}")
    return said


if __name__ == "__main__":
    main()
