"""The match server under load, beside HMA: `make benchmark-match-server`.

One process on one core with a million fingerprints; wrk asks from the other core. Writes match_server.json and match_server.md.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import machine
from benchmarks.exchange import hma, match_server_report
from benchmarks.exchange.load import Asker, Load, running
from benchmarks.search import real
from unseen.matching import Bank

PORT = 8375
RESULTS = Path(__file__).with_name("match_server.json")
QUERIES = 8_000
PLANTED_SHARE = 10  # every tenth query lies 0 to 40 bits from a row: most uploads match nothing
COMPARED = 300  # look-ups whose answers are compared with HMA's
_BATCH = "/v1/match"
_BIN = Path(sys.executable).parent
CARRIERS = {
    "granian RSGI, one thread": ["granian", "--interface", "rsgi", "--runtime-mode", "st", "--loop", "uvloop"],
    "granian RSGI": ["granian", "--interface", "rsgi", "--runtime-mode", "mt", "--loop", "uvloop"],
    "granian ASGI": ["granian", "--interface", "asginl", "--runtime-mode", "st", "--loop", "uvloop"],
    "granian WSGI": ["granian", "--interface", "wsgi", "--blocking-threads", "1"],
    "uvicorn raw ASGI": [
        "uvicorn", "--loop", "uvloop", "--http", "httptools", "--ws", "none", "--lifespan", "off", "--no-access-log",
    ],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--media", default=os.environ.get("UNSEEN_MEDIA", "../shared/media"), type=Path)
    parser.add_argument(
        "--hma", type=Path, help="hasher-matcher-actioner/src of a checkout; without it HMA is left out"
    )
    parser.add_argument("--carriers", action="store_true", help="the same service on other servers too")
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    options = parser.parse_args()
    results = machine.facts(options.note) | {"entries": options.entries, "seconds": options.seconds}
    rows, queries, kind = _fingerprints(options.media, options.entries)
    results["fingerprints"] = kind
    with tempfile.TemporaryDirectory(prefix="match-server-") as name:
        folder = Path(name)
        _fill(folder / "bank", rows)
        results["carriers"] = _carriers(folder, queries, options.seconds) if options.carriers else {}
        results["ours"] = _ours(folder, queries, options.seconds)
        if options.hma:
            results["hma"] = _beside_hma(options.hma, rows, folder, queries, options.seconds)
    results["load_after"] = os.getloadavg()
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    match_server_report.write(results, RESULTS.with_suffix(".md"))


def _fingerprints(media: Path, entries: int) -> tuple[np.ndarray, np.ndarray, str]:
    """Rows, queries, and what they are of: of photographs where there are some, else drawn."""
    random = np.random.default_rng(11)
    if (media / "images").is_dir():
        rows, queries = real.fingerprints(media, entries, QUERIES)
        kind = "random crops of photographs; queries of other photographs"
    else:
        rows = random.integers(0, 256, (entries, 32), dtype=np.uint8)
        queries = random.integers(0, 256, (QUERIES, 32), dtype=np.uint8)
        kind = "drawn at random"
    planted = np.arange(0, QUERIES, PLANTED_SHARE)
    bits = np.unpackbits(rows[random.integers(0, entries, len(planted))], axis=1)
    for row in bits:
        row[random.choice(256, random.integers(0, 41), replace=False)] ^= 1
    queries = queries.copy()
    queries[planted] = np.packbits(bits, axis=1)
    return rows, queries, kind


def _fill(folder: Path, rows: np.ndarray) -> None:
    Bank.open(folder).add(rows, np.arange(1, len(rows) + 1, dtype=np.uint64))


def _ours(folder: Path, queries: np.ndarray, seconds: int) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    for radius_bits in (31, 35):
        with _match_server(folder, radius_bits) as pid:
            ask = Asker(PORT, pid, _asking_core(), seconds, folder)
            measured[f"raw_lookup {radius_bits}"] = ask.single(_paths(queries)).facts()
            measured[f"batch {radius_bits}"] = ask.batches(queries, _BATCH).facts()
            beside = ask.single_beside_batches(_paths(queries), queries, _BATCH)
            measured[f"beside {radius_bits}"] = beside.facts()
    return measured


def _beside_hma(
    source: Path, rows: np.ndarray, folder: Path, queries: np.ndarray, seconds: int
) -> dict[str, Any]:
    """In turn on the same core, so that both meet the same company."""
    with hma.served(source, rows, _serving_core()) as other, _match_server(folder, 31) as pid:
        theirs: list[Load] = []
        ours: list[Load] = []
        for _ in range(3):
            for port, served, loads in ((hma.PORT, other.pid, theirs), (PORT, pid, ours)):
                loads.append(Asker(port, served, _asking_core(), seconds, folder).single(_paths(queries)))
        same = hma.same_answers(queries[:: len(queries) // COMPARED], PORT)
    return {
        "version": other.version,
        "theirs": [each.facts() for each in theirs],
        "ours": [each.facts() for each in ours],
        "answers": dict(same),
    }


def _carriers(folder: Path, queries: np.ndarray, seconds: int) -> dict[str, Any]:
    measured = {}
    for name, command in CARRIERS.items():
        program, *arguments = command
        target = "benchmarks.exchange.carriers:" + (
            "wsgi" if "WSGI" in name else "rsgi" if "RSGI" in name else "asgi"
        )
        extra = ["--http", "1", "--no-ws"] if program == "granian" else []
        whole = [str(_BIN / program), *arguments, *extra, "--port", str(PORT), target]
        env = {"MATCH_SERVER_BANK": str(folder / "bank"), "PYTHONPATH": str(Path.cwd())}
        with running(whole, PORT, _serving_core(), folder / "log", env) as pid:
            measured[name] = Asker(PORT, pid, _asking_core(), seconds, folder).single(_paths(queries)).facts()
    return measured


def _match_server(folder: Path, radius_bits: int) -> Any:
    command = [
        str(_BIN / "unseen"), "match-server", "--bank", str(folder / "bank"), "--port", str(PORT),
        "--radius-bits", str(radius_bits),
    ]  # fmt: skip
    return running(command, PORT, _serving_core(), folder / "log", {})


def _paths(queries: np.ndarray) -> list[str]:
    return [f"/m/raw_lookup?signal_type=pdq&signal={query.tobytes().hex()}" for query in queries]


def _serving_core() -> int:
    return min(os.sched_getaffinity(0))


def _asking_core() -> int:
    return max(os.sched_getaffinity(0))


if __name__ == "__main__":
    main()
