"""Times exact search side by side with faiss, usearch and threatexchange: `make benchmark-search`. Writes results.json,
README.md, search.svg, radius.svg.

Everything runs on one core, in turn in short rounds, so that what else the machine does falls on all alike.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np

from benchmarks import machine
from benchmarks.search import engines, real, report, timing

FOLDER = Path(__file__).parent
REAL_ENTRIES = 1_000_000
# Of all engines at once, in memory and in the system's cache; the multi-hash of faiss takes half of it.
BYTES_AN_ENTRY = 800
BYTES_AN_ENTRY_WITHOUT_MULTIHASH = 450


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", default="1,100,10000,100000,1000000,10000000")
    parser.add_argument("--media", default=os.environ.get("UNSEEN_MEDIA", "../shared/media"), type=Path)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    parser.add_argument("--keep", action="store_true", help="keep earlier figures that are not measured now")
    parser.add_argument("--only-report", action="store_true", help="write the page again from results.json")
    options = parser.parse_args()
    place = FOLDER / "results.json"
    earlier = json.loads(place.read_text()) if options.keep or options.only_report else {}
    if not options.only_report:
        os.sched_setaffinity(0, {options.core})
        results = machine.facts(options.note) | {"sizes": []}
        measure(results, earlier, options)
        results["load_after"] = os.getloadavg()
        place.write_text(json.dumps(results, indent=1) + "\n")
        earlier = results
    report.write(earlier, FOLDER)


def measure(results: dict[str, object], earlier: dict[str, object], options: argparse.Namespace) -> None:
    asked = [int(each) for each in options.entries.split(",") if each]
    check_memory(max(asked, default=0))
    sizes = {(each["label"], each["entries"]): each for each in earlier.get("sizes", [])}
    for count in asked:
        sizes["random", count] = timing.measure("random", *timing.random_data(count))
    if (options.media / "images").is_dir():
        rows, queries = real.fingerprints(options.media, REAL_ENTRIES, timing.QUERIES)
        rows, queries = timing.planted(np.random.default_rng(4), rows, queries)
        sizes["photographs", REAL_ENTRIES] = timing.measure("photographs", rows, queries)
    else:
        print(
            f"{options.media} has no folder images: real fingerprints are left out (--media)", file=sys.stderr
        )
    results["sizes"] = sorted(sizes.values(), key=lambda each: (each["label"] != "random", each["entries"]))
    results["sweep"] = timing.sweep()


def check_memory(entries: int) -> None:
    """Say what is needed before minutes are spent."""
    large = entries > engines.MULTIHASH_ENTRIES_MAX
    needed = entries * (BYTES_AN_ENTRY_WITHOUT_MULTIHASH if large else BYTES_AN_ENTRY) / 1e9
    free = next(
        int(line.split()[1])
        for line in Path("/proc/meminfo").read_text().splitlines()
        if "MemAvailable" in line
    )
    print(
        f"{entries:,} entries need about {needed:.1f} GB, {free * 1024 / 1e9:.1f} GB are free",
        file=sys.stderr,
    )
    if needed > free * 1024 / 1e9:
        raise SystemExit("too little memory: give fewer --entries")


if __name__ == "__main__":
    main()
