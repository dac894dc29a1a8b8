"""Times exact search side by side with faiss and usearch: `make benchmark-search`. Writes results.json, README.md, search.svg.

Everything runs on one core, in turn in short rounds, so that what else the machine does falls on all alike.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.search import engines, report
from unseen.native import kernels_name

FOLDER = Path(__file__).parent
QUERIES = 1000
ROUNDS = 10
SLOW_MS = 3  # an engine slower than this is timed with fewer queries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", default="10000,100000,1000000,10000000")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    parser.add_argument("--keep", action="store_true", help="keep earlier figures of other sizes")
    options = parser.parse_args()
    os.sched_setaffinity(0, {options.core})
    results = report.machine(options.note) | {"kernels": kernels_name(), "sizes": []}
    asked = [int(each) for each in options.entries.split(",")]
    if options.keep:
        earlier = json.loads((FOLDER / "results.json").read_text())["sizes"]
        results["sizes"] = [each for each in earlier if each["entries"] not in asked]
    for count in asked:
        results["sizes"].append(measure(count))
        (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    results["load_after"] = os.getloadavg()
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, FOLDER)


def measure(count: int) -> dict[str, object]:
    """All engines at one size: time to build, one query at a time, a batch, recall, memory or disk."""
    rows, queries = data(count)
    with tempfile.TemporaryDirectory(prefix="unseen-benchmark-", dir=os.environ.get("TMPDIR")) as folder:
        built = list(engines.build(rows, Path(folder)))
        truth = next(each for each in built if each.exact).near(queries)
        for each in built:  # files are mapped and checked on first use: nobody's first queries are timed
            each.one(queries if each.name.startswith("unseen") else queries[:20])
        times: dict[str, list[float]] = {each.name: [] for each in built}
        for turn in range(ROUNDS):
            for each in built:
                share = queries[turn::ROUNDS]
                if times[each.name] and np.median(times[each.name]) > SLOW_MS / 1000:
                    share = share[:10]
                times[each.name] += single(each.one, share)
        return {
            "entries": count,
            "engines": [facts(each, times[each.name], queries, truth) for each in built],
        }


def data(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random rows; of the queries a tenth lies 0 to 40 bits from a row."""
    random = np.random.default_rng(count)
    rows = random.integers(0, 256, (count, 32), np.uint8)
    queries = random.integers(0, 256, (QUERIES, 32), np.uint8)
    for number in range(0, QUERIES, 10):
        bits = np.unpackbits(rows[random.integers(count)])
        bits[random.choice(256, random.integers(41), replace=False)] ^= 1
        queries[number] = np.packbits(bits)
    return rows, queries


def single(search: Callable[[np.ndarray], object], queries: np.ndarray) -> list[float]:
    taken = []
    for number in range(len(queries)):
        begun = time.perf_counter()
        search(queries[number : number + 1])
        taken.append(time.perf_counter() - begun)
    return taken


def facts(
    engine: engines.Engine, times: list[float], queries: np.ndarray, truth: set[tuple[int, int]]
) -> dict[str, object]:
    batch = queries if np.median(times) < SLOW_MS / 1000 else queries[:50]
    begun = time.perf_counter()
    engine.one(batch)
    batch_s = time.perf_counter() - begun
    found = engine.near(queries if np.median(times) < SLOW_MS / 1000 else queries[:200])
    asked = {pair for pair in truth if pair[0] < (QUERIES if np.median(times) < SLOW_MS / 1000 else 200)}
    made = {
        "name": engine.name,
        "p50_us": 1e6 * float(np.median(times)),
        "p99_us": 1e6 * float(np.quantile(times, 0.99)),
        "batch_us": 1e6 * batch_s / len(batch),
        "recall": len(found & asked) / len(asked),
        "build_s": engine.build_s,
        "bytes_an_entry": engine.bytes_an_entry,
    }
    print(json.dumps(made), file=sys.stderr)
    return made


main()
