"""What every fuzz target in Python shares: seeds in a folder, limits, and where a failing input is kept.

A target runs as `python -m tests.fuzz.fuzz_<name> [-max_total_time=60]`; further arguments are libFuzzer's. Atheris follows
the Python code only, so what these targets find are surprises of our own readers; C++ has targets in native/fuzz.
"""

import resource
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import atheris

from unseen.fingerprint.lockdown import memory_bytes

FOLDER = Path(__file__).parents[2] / "build" / "fuzz"
# As in the child, whose decoders may ask for any amount and are refused; below libFuzzer's own limit, which ends the run.
_MORE_BYTES_MAX = 1536 * 2**20
_LIMITS = ("-rss_limit_mb=2048", "-timeout=30", "-print_final_stats=1")


def fuzz(
    name: str, seeds: Iterable[bytes], one: Callable[[bytes], None], length_bytes_max: int = 4096
) -> None:
    """Run until libFuzzer's own limits; an exception that `one` lets through ends it with the input that did it."""
    corpus = FOLDER / f"{name}.seeds"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number:03d}").write_bytes(seed)
    mapped, _ = memory_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + _MORE_BYTES_MAX,) * 2)
    kept = f"-artifact_prefix={FOLDER}/{name}-"
    arguments = [name, *_LIMITS, f"-max_len={length_bytes_max}", kept, *sys.argv[1:], str(corpus)]
    atheris.Setup(arguments, one)
    atheris.Fuzz()
