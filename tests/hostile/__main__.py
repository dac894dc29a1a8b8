"""Shows hostile files to the decoding child: our own, or a folder. `python -m tests.hostile [--media DIR] [--seconds 20]`.

Prints a line a file, the slowest and the largest last. Exit code 1 if a file broke a promise.
"""

import argparse
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.judge import judged
from tests.hostile.made import MADE
from unseen.fingerprint import DecoderPool, Source
from unseen.fingerprint.limits import CHILD_RESIDENT_BYTES_MAX


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--media", type=Path, help="a folder of odd files, besides those made here")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each file (default 20)")
    options = parser.parse_args()
    with DecoderPool(1) as pool:
        rows = [judged(pool, name, source, options.seconds) for name, source in _sources(options.media)]
    for row in rows:
        _say(row.row)
    slowest, largest = max(rows, key=lambda row: row.seconds), max(rows, key=lambda row: row.peak_bytes)
    errors = sum(row.answer.startswith("error") for row in rows)
    breaches = [row for row in rows if row.breach]
    ever = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    _say(
        f"\n{len(rows)} files: {len(rows) - errors} fingerprints, {errors} typed errors, {len(breaches)} breaches"
    )
    _say(f"slowest: {slowest.seconds:.2f} s, {slowest.name}")
    _say(
        f"largest: {largest.peak_bytes / 2**20:.0f} MiB, {largest.name}; of {CHILD_RESIDENT_BYTES_MAX / 2**20:.0f}"
    )
    _say(f"largest of the children that were stopped: {ever / 2**20:.0f} MiB")
    return 1 if breaches or ever > CHILD_RESIDENT_BYTES_MAX else 0


def _sources(folder: Path | None) -> Iterator[tuple[str, Source]]:
    for name, make in MADE.items():
        yield f"made: {name}", make()
    if folder is not None:
        if not folder.is_dir():
            sys.exit(f"{folder} is no folder: give the one that holds the odd files, or leave --media out")
        yield from ((path.name, path) for path in sorted(folder.rglob("*")) if path.is_file())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    sys.exit(main())
