"""In a process of its own: opens a bank, asks, warms it, asks again. Prints times and memory as JSON."""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from unseen.matching import Bank


def main() -> None:
    folder, queries_path, from_disk = sys.argv[1:]
    queries = np.load(queries_path)
    before = memory()
    if from_disk == "disk":
        forget(Path(folder))
    begun = time.perf_counter()
    bank = Bank.open(folder)
    opened = time.perf_counter()
    bank.search(queries[:1])
    first = time.perf_counter()
    told = {"open_ms": 1e3 * (opened - begun), "first_ms": 1e3 * (first - opened)}
    times = timed(bank, queries)
    told |= {"early_p50_us": quantile(times, 0.5), "early_p99_us": quantile(times, 0.99)}
    after = memory()
    told |= {"rss_mb": after["Rss"], "pss_mb": after["Pss"], "rss_before_mb": before["Rss"]}
    begun = time.perf_counter()
    bank.warm()
    told["warm_s"] = time.perf_counter() - begun
    times = timed(bank, queries)
    warm = memory()
    told |= {"p50_us": quantile(times, 0.5), "p99_us": quantile(times, 0.99)}
    told |= {"warm_rss_mb": warm["Rss"], "warm_pss_mb": warm["Pss"], "peak_rss_mb": peak()}
    print(json.dumps(told))


def timed(bank: Bank, queries: np.ndarray) -> list[float]:
    times = []
    for at in range(len(queries)):
        begun = time.perf_counter()
        bank.search(queries[at : at + 1])
        times.append(time.perf_counter() - begun)
    return times


def quantile(times: list[float], part: float) -> float:
    return 1e6 * float(np.quantile(times, part))


def memory() -> dict[str, float]:
    """Resident and proportional memory in MB (10^6 bytes)."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return {line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines if ":" in line}


def peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM"))


def forget(folder: Path) -> None:
    """Put the files out of the system's cache, so that they come from the disk."""
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


main()
