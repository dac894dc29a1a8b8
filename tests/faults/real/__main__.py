"""Kill real workers with SIGKILL at each write that leaves the process, and again while they recover.

`python -m tests.faults.real --points 4000` for a night; `--replay "mail:271,12t"` lives one life again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.progress import Progress

from tests.faults.real.kinds import KINDS
from tests.faults.real.shim import library, start_again_with_it

MODULE = "tests.faults.real"
RECOVERY_POINTS = 60  # a second death strikes while the successor recovers, or soon after
BROKEN = 3
_SAME = ("outcomes", "notices", "mails and requests")
_TOLD_CHARACTERS_MAX = 3_000


def main() -> int:
    """0: every life held. 3: those that did not are printed, each with how to live it again."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--points", type=int, default=500, help="how many lives in which a worker is killed")
    words.add_argument("--processes", type=int, default=2)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--replay", default="", help="one life, as it was printed")
    words.add_argument("--disk", action="store_true", help="no kills: only disks that are full or broken")
    words.add_argument("--share", type=int, default=-1, help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.replay or asked.share >= 0:
        start_again_with_it(MODULE, sys.argv[1:])
        with tempfile.TemporaryDirectory(prefix="unseen-faults-", dir=_in_memory()) as base:
            return _share(asked, Path(base))
    return _all(asked)


def _all(asked: argparse.Namespace) -> int:
    library()
    began_s, bad, tally = time.monotonic(), 0, Counter[str]()
    command = [sys.executable, "-m", MODULE, "--points", str(asked.points), "--seed", str(asked.seed)]
    command += ["--processes", str(asked.processes), *(["--disk"] if asked.disk else [])]
    shares = [
        subprocess.Popen([*command, "--share", str(number)], stdout=subprocess.PIPE, text=True)
        for number in range(asked.processes)
    ]
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("lives", total=asked.points)
        for line in _lines_of(shares):
            told = json.loads(line)
            progress.advance(bar)
            tally[told["life"].partition(":")[0]] += 1
            tally["deaths"] += told["deaths"] if told["killed"] else 0
            bad += bool(told["trouble"])
            sys.stdout.writelines(f'--replay "{told["life"]}": {one}\n' for one in told["trouble"])
    codes = [share.wait() for share in shares]
    deaths = tally.pop("deaths")
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(tally.items()))
    took_s = time.monotonic() - began_s
    sys.stdout.write(f"{tally.total()} lives with {deaths} SIGKILLs ({kinds}): {bad} bad, {took_s:.0f} s\n")
    return BROKEN if bad or any(codes) or tally.total() < asked.points else 0


def _lines_of(shares: "list[subprocess.Popen[str]]") -> Iterator[str]:
    """What they say, turn by turn: they go at the same pace."""
    streams = [share.stdout for share in shares if share.stdout is not None]
    while streams:
        for stream in list(streams):
            line = stream.readline()
            if line:
                yield line
            else:
                streams.remove(stream)


def _share(asked: argparse.Namespace, base: Path) -> int:
    from tests.faults.real.nursery import Crash, Nursery

    nursery = Nursery(base)
    untouched: Mapping[str, Mapping[str, Any]] = {kind: nursery.live(Crash(kind, ())).end for kind in KINDS}
    for kind, end in untouched.items():
        if not end or end["faults"] or end["doubted"]:
            sys.stderr.write(f"the life '{kind}' fails even when nobody dies: {end.get('faults')}\n")
            return BROKEN
    crashes = [_read(asked.replay)] if asked.replay else _crashes(untouched, asked)
    for crash in crashes:
        lived = nursery.live(crash)
        trouble = _trouble(lived, untouched[crash.kind], crash)
        told = {"life": str(crash), "deaths": lived.deaths, "killed": not crash.disk, "trouble": trouble}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    return BROKEN if asked.replay and trouble else 0


def _trouble(lived: Any, untouched: Mapping[str, Any], crash: Any) -> list[str]:
    """What is wrong with this life, compared with the one in which nobody died."""
    if not lived.end:
        return [f"the last worker ended with {lived.code} after {lived.deaths} deaths, and nothing was over"]
    trouble = list(lived.end["faults"])
    if not lived.deaths and not crash.disk:
        trouble.append("nobody died")
    for name, here, there in zip(_SAME, lived.end["same"], untouched["same"], strict=False):
        odd = [row for row in here if row not in there] + [row for row in there if row not in here]
        if here != there:
            trouble.append(f"other {name} than untouched: {str(odd)[:_TOLD_CHARACTERS_MAX]}")
    # Without an archive of sent mail nothing can tell; everywhere else something can.
    if lived.end["doubted"] > (len(crash.points) if crash.kind == "blind" else 0):
        trouble.append("a person was asked what happened, and the other side could tell")
    return trouble


def _crashes(untouched: Mapping[str, Mapping[str, Any]], asked: argparse.Namespace) -> Iterator[Any]:
    """This process's part of the plan: around every send first, then points spread over all lives, then pairs."""
    plan = list(islice(_plan(untouched, asked), asked.points))
    yield from plan[asked.share :: asked.processes]


def _plan(untouched: Mapping[str, Mapping[str, Any]], asked: argparse.Namespace) -> Iterator[Any]:
    from tests.faults.real.nursery import Crash

    random = Random(asked.seed)
    while asked.disk:
        kind = random.choice(sorted(untouched))
        disk = random.choice(("full", "broken"))
        yield Crash(kind, (random.randint(1, untouched[kind]["passed"]),), disk=disk)
    for kind, end in untouched.items():
        near = {point + step for point in end["on_a_line"] for step in (0, 1)}
        yield from (Crash(kind, (point,), tears=bool(point % 2)) for point in sorted(near))
    every = [(kind, point) for kind, end in untouched.items() for point in range(1, end["passed"] + 1)]
    random.shuffle(every)
    for number in count():
        if number % 3 < 2 and every:
            kind, point = every.pop()
            yield Crash(kind, (point,), tears=bool(point % 2))
            continue
        kind = random.choice(sorted(untouched))
        first = random.randint(1, untouched[kind]["passed"])
        if number % 6 == 2:
            yield Crash(kind, (first,), disk=random.choice(("full", "broken")))
        else:
            yield Crash(kind, (first, random.randint(1, RECOVERY_POINTS)), tears=random.random() < 0.5)


def _read(text: str) -> Any:
    from tests.faults.real.nursery import Crash

    kind, points, disk = [*text.split(":"), ""][:3]
    return Crash(kind, tuple(map(int, points.removesuffix("t").split(","))), points.endswith("t"), disk)


def _in_memory() -> str | None:
    """A folder in memory makes a life ten times as cheap: what was written is seen by the successor all the same."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


if __name__ == "__main__":
    sys.exit(main())
