"""Lives of up to a million items through the real tables and the real worker: `make benchmark-nation`."""

import argparse
import json
import sys
from contextlib import ExitStack

from benchmarks.nation.measure import Mark, run
from tests.postgres import cluster


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--a-day", type=int, default=10_000)
    options = parser.parse_args()
    with ExitStack() as stack:
        database = stack.enter_context(cluster()) if options.database == "postgres" else "sqlite"
        results = run(options.items, database, options.workers, _tell, a_day=options.a_day)
    marks = results.pop("marks")
    print(json.dumps(results, indent=1))
    print(marks[-1])
    print("steps/s", sum(results["steps"].values()) / results["busy_s"])


def _tell(mark: Mark) -> None:
    if sys.stderr.isatty():
        print(mark, file=sys.stderr)


if __name__ == "__main__":
    main()
