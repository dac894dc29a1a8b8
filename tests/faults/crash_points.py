"""Kill the worker at every point of every life, and again while it recovers: `python -m tests.faults.crash_points`.

`--points 10000` for a night; `--replay "slow:17,43"` lives one life again and tells where it died.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from random import Random
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

if TYPE_CHECKING:
    from tests.faults.life import Life

# A second death strikes while the worker recovers from the first one, or soon after.
RECOVERY_POINTS = 40


@dataclass(frozen=True)
class Crash:
    """One life to live: against whom, and at which points the worker dies."""

    character: str
    deadly: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.character}:{','.join(map(str, self.deadly))}"


def single_crashes(lengths: dict[str, int]) -> Iterator[Crash]:
    """Every point of every life, turn by turn, so that a part of them is spread over all lives."""
    for number in range(1, max(lengths.values()) + 1):
        yield from (Crash(character, (number,)) for character, length in lengths.items() if number <= length)


def double_crashes(lengths: dict[str, int], seed: int) -> Iterator[Crash]:
    """One more death soon after the first, drawn without end."""
    random = Random(seed)
    while True:
        character = random.choice(sorted(lengths))
        first = random.randint(1, lengths[character])
        yield Crash(character, (first, first + random.randint(1, RECOVERY_POINTS)))


def spread(lengths: dict[str, int], count: int) -> list[Crash]:
    """`count` single crashes, evenly over all points there are."""
    every = list(single_crashes(lengths))
    step = max(1.0, len(every) / count)
    return [every[int(number * step)] for number in range(min(count, len(every)))]


def trouble_of(crash: Crash, untouched: "Life") -> list[str]:
    """What is wrong with this life, compared with the one in which nobody died."""
    from tests.faults.life import live

    life = live(crash.character, crash.deadly)
    trouble = list(life.faults)
    if life.deaths == 0:
        trouble.append("nobody died")
    if life.end != untouched.end:
        trouble.append(f"it ended as {life.end}, and untouched as {untouched.end}")
    return trouble


def main(arguments: Sequence[str] | None = None) -> int:
    """0: every life held. 1: the ones that did not are printed, each with how to live it again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--points", type=int, default=1_000, help="how many crashes; the first ones are single"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the double crashes")
    parser.add_argument("--replay", default="", help="one crash, as it was printed")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="unseen-faults-") as folder:
        return _replay(asked.replay, folder) if asked.replay else _run(asked, folder)


def _run(asked: argparse.Namespace, folder: str) -> int:
    began = time.monotonic()
    context = get_context("spawn")
    with ProcessPoolExecutor(
        asked.processes, mp_context=context, initializer=_prepare, initargs=(folder,)
    ) as pool:
        lengths = pool.submit(_lengths).result()
        singles = list(islice(single_crashes(lengths), asked.points))
        crashes = singles + list(islice(double_crashes(lengths, asked.seed), asked.points - len(singles)))
        bad = 0
        done = zip(crashes, pool.map(_judge, crashes, chunksize=8), strict=True)
        console = Console(stderr=True)
        for crash, trouble in track(
            done, "lives", total=len(crashes), console=console, disable=not console.is_terminal
        ):
            bad += bool(trouble)
            sys.stdout.writelines(f'--replay "{crash}": {one}\n' for one in trouble)
    took_s = time.monotonic() - began
    told = (
        f"{len(crashes)} crashes ({len(singles)} single) in {len(lengths)} lives, {bad} bad, {took_s:.0f} s"
    )
    sys.stdout.write(told + "\n")
    return 1 if bad else 0


def _prepare(folder: str) -> None:
    """A process with a database of its own: made once, and left as it was by every life."""
    for name in [name for name in os.environ if name.startswith("UNSEEN_") or name == "DATABASE_URL"]:
        del os.environ[name]
    os.environ |= {
        "UNSEEN_DATA_DIR": tempfile.mkdtemp(dir=folder),
        "UNSEEN_SECRET_KEY": "only-for-tests-" * 4,
        "UNSEEN_ORGANISATION": "Support Centre Example",
        "UNSEEN_ORGANISATION_EMAIL": "notices@centre.example",
        "UNSEEN_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "unseen.config.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    transaction.atomic().__enter__()  # for the life of the process: no life is ever committed


def _lengths() -> dict[str, int]:
    return {character: len(life.trail) for character, life in _all_untouched().items()}


def _judge(crash: Crash) -> list[str]:
    return trouble_of(crash, _all_untouched()[crash.character])


def _all_untouched() -> "dict[str, Life]":
    from tests.faults.life import CHARACTERS, untouched

    return {character: untouched(character) for character in CHARACTERS}


def _replay(text: str, folder: str) -> int:
    character, _, points = text.partition(":")
    deadly = tuple(map(int, points.split(",")))
    _prepare(folder)
    from tests.faults.life import live, untouched

    life = live(character, deadly)
    for number, name in enumerate(life.trail, start=1):
        sys.stdout.write(f"{number:4} {name}{'  <- died' if number in deadly else ''}\n")
    trouble = trouble_of(Crash(character, deadly), untouched(character))
    sys.stdout.write("\n".join(trouble or ["it held"]) + "\n")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
