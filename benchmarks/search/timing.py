"""What is measured at one size: each engine in turn, in short rounds, so that what else the machine does falls on all."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.search import engines
from unseen.matching import Bank

QUERIES = 1000
ROUNDS = 10
SLOW_MS = 3  # an engine slower than this is timed with fewer queries
SLOW_QUERIES = 50
FRESH_ENTRIES_MIN = 100_000
SWEEP_RADII = (0, 8, 16, 24, 31, 36, 40, 44, 48, 52, 56, 60, 64)
SWEEP_ENTRIES = 400_000


def random_data(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random rows; of the queries a tenth lies 0 to 40 bits from a row."""
    random = np.random.default_rng(count)
    return planted(
        random,
        random.integers(0, 256, (count, 32), np.uint8),
        random.integers(0, 256, (QUERIES, 32), np.uint8),
    )


def planted(
    random: np.random.Generator, rows: np.ndarray, queries: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    for number in range(0, len(queries), 10):
        bits = np.unpackbits(rows[random.integers(len(rows))])
        bits[random.choice(256, random.integers(41), replace=False)] ^= 1
        queries[number] = np.packbits(bits)
    return rows, queries


def measure(label: str, rows: np.ndarray, queries: np.ndarray) -> dict[str, Any]:
    """Time to build, one query at a time, batches, recall, memory or disk; and a fresh process for larger banks."""
    with tempfile.TemporaryDirectory(prefix="unseen-benchmark-", dir=os.environ.get("TMPDIR")) as base:
        folder = Path(base)
        built = list(engines.build(rows, folder))
        truth = built[0].near(queries)
        for each in built:  # nobody's first queries are timed
            each.one(queries if each.name.startswith("unseen") else queries[:20])
        times: dict[str, list[float]] = {each.name: [] for each in built}
        for turn in range(ROUNDS):
            for each in built:
                share = queries[turn::ROUNDS]
                if times[each.name] and np.median(times[each.name]) > SLOW_MS / 1000:
                    share = share[: SLOW_QUERIES // ROUNDS]
                times[each.name] += single(each.one, share)
        told = [facts(each, times[each.name], queries, truth) for each in built]
        del built
        for each in told[1:3]:
            place = folder / each["name"].removeprefix("unseen ")
            each.update(batches(place, queries))
            if len(rows) >= FRESH_ENTRIES_MIN:
                each["fresh"] = fresh(place, queries)
    return {"entries": len(rows), "label": label, "engines": told}


def single(search: Callable[[np.ndarray], object], queries: np.ndarray) -> list[float]:
    taken = []
    for number in range(len(queries)):
        begun = time.perf_counter()
        search(queries[number : number + 1])
        taken.append(time.perf_counter() - begun)
    return taken


def facts(
    engine: engines.Engine, times: list[float], queries: np.ndarray, truth: set[tuple[int, int]]
) -> dict[str, Any]:
    slow = np.median(times) > SLOW_MS / 1000
    asked = queries[:SLOW_QUERIES] if slow else queries
    batch_s = min(seconds(lambda: engine.one(asked)) for _ in range(1 if slow else 3))
    expected = {pair for pair in truth if pair[0] < len(asked)}
    made = {
        "name": engine.name,
        "p50_us": 1e6 * float(np.median(times)),
        "p99_us": 1e6 * float(np.quantile(times, 0.99)),
        "batch_us": 1e6 * batch_s / len(asked),
        "recall": len(engine.near(asked) & expected) / max(1, len(expected)) if expected else None,
        "build_s": engine.build_s,
        "bytes_an_entry": engine.bytes_an_entry,
    }
    print(json.dumps(made), file=sys.stderr, flush=True)
    return made


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def batches(folder: Path, queries: np.ndarray) -> dict[str, float]:
    """A batch on one core and on all, microseconds a query."""
    pinned = os.sched_getaffinity(0)
    made = {}
    for name, cores in (
        ("batch_one_core_us", pinned),
        ("batch_all_cores_us", set(range(os.cpu_count() or 1))),
    ):
        os.sched_setaffinity(0, cores)
        bank = Bank.open(folder)
        bank.warm()
        bank.search(queries)
        made[name] = (
            1e6 * min(seconds(lambda bank=bank: bank.search(queries)) for _ in range(5)) / len(queries)
        )
    os.sched_setaffinity(0, pinned)
    return made


def fresh(folder: Path, queries: np.ndarray) -> dict[str, Any]:
    """Open and first queries in a new process, files from the cache and from the disk; memory."""
    asked = folder.with_suffix(".npy")
    np.save(asked, queries)
    made = {}
    for where in ("disk", "cache"):
        command = [sys.executable, "-m", "benchmarks.search.fresh", str(folder), str(asked), where]
        made[where] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    print(json.dumps(made), file=sys.stderr, flush=True)
    return made


def sweep() -> list[dict[str, Any]]:
    """One query at a time at each radius: faiss flat and both layouts, microseconds."""
    rows, queries = random_data(SWEEP_ENTRIES)
    index = engines.faiss.IndexBinaryFlat(256)
    index.add(rows)
    made = []
    with tempfile.TemporaryDirectory(prefix="unseen-benchmark-") as base:
        banks = {}
        for layout in ("fast", "small"):
            banks[layout] = Bank.open(Path(base) / layout, layout=layout)
            banks[layout].add(rows, np.arange(len(rows), dtype=np.uint64))
            banks[layout].warm()
        for radius in SWEEP_RADII:
            asked = queries[:100]
            flat = single(lambda each, most=radius + 1: index.range_search(each, most), asked[:30])
            line = {"radius_bits": radius, "faiss flat": 1e6 * float(np.median(flat))}
            for layout, bank in banks.items():
                taken = single(lambda each, bank=bank, most=radius: bank.search(each, most), asked)
                line[f"unseen {layout}"] = 1e6 * float(np.median(taken))
                line[f"unseen {layout}, batch"] = (
                    1e6 * seconds(lambda bank=bank, most=radius: bank.search(queries, most)) / len(queries)
                )
            made.append(line)
    return made
