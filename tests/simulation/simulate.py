"""Simulates many item lives of a year through the domain, and lets the judges look at each.

python -m tests.simulation.simulate --lives 100000 --seed 1 --processes 2
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.simulation.tally import BROKEN_KEPT_MAX, Tally, tally_chunk, tally_lives

KEPT_SEEDS = Path(__file__).parent / "seeds" / "kept.txt"
_CHUNK_LIVES = 500


def simulate(lives: int, seed: int, processes: int, tell: Callable[[int], None] = lambda _: None) -> Tally:
    """Live and judge lives 0 to `lives` - 1 of this seed. `tell` hears how many more are done."""
    chunks = [(seed, first, min(first + _CHUNK_LIVES, lives)) for first in range(0, lives, _CHUNK_LIVES)]
    total = Tally()
    for tally in _worked(chunks, processes):
        total.add(tally)
        tell(tally.lives)
    return total


def _worked(chunks: list[tuple[int, int, int]], processes: int) -> Iterator[Tally]:
    if processes == 1:
        yield from (tally_lives(seed, range(first, beyond)) for seed, first, beyond in chunks)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(tally_chunk, chunks)


def kept_seeds() -> list[tuple[int, int]]:
    """Seed and number of every life that once broke a promise."""
    lines = (line.partition("#")[0].split() for line in KEPT_SEEDS.read_text().splitlines())
    return [(int(words[0]), int(words[1])) for words in lines if words]


def keep(tally: Tally) -> None:
    """Add the broken lives to the ones that are always run."""
    known = set(kept_seeds())
    with KEPT_SEEDS.open("a") as file:
        for broken in tally.broken:
            if (broken.seed, broken.number) not in known:
                file.write(f"{broken.seed} {broken.number}  # {broken.verdicts[0][:100]}\n")


def summary(tally: Tally, seconds: float) -> str:
    """The counts in a few lines."""
    lives = max(tally.lives, 1)
    outcomes = ", ".join(f"{outcome} {count}" for outcome, count in tally.outcomes.most_common())
    return "\n".join(
        [
            f"{tally.lives} lives of a year in {seconds:.1f} s, {tally.events} events",
            f"rechecks: {tally.looks / lives:.1f} a life, at most {tally.looks_max}",
            f"notices: {tally.notices / lives:.1f} a life, at most {tally.notices_max}",
            f"returns: {tally.returns}",
            f"ends: {outcomes}",
            f"lives that broke a promise: {tally.broken_count}",
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    """The command. Exit code 3 if a promise is broken."""
    parser = argparse.ArgumentParser(description="Simulate item lives and judge each.")
    parser.add_argument("--lives", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    began = time.perf_counter()
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("lives", total=options.lives)
        tally = simulate(
            options.lives, options.seed, options.processes, lambda more: progress.advance(task, more)
        )
    for broken in tally.broken[:BROKEN_KEPT_MAX]:
        sys.stdout.write(f"{broken}\n\n")
    keep(tally)
    sys.stdout.write(summary(tally, time.perf_counter() - began) + "\n")
    return 3 if tally.broken_count else 0


if __name__ == "__main__":
    sys.exit(main())
