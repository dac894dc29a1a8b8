"""Kill the worker again and again, and compare each ending with the undisturbed one.

`python -m tests.demo.kill_worker --kills 25 --seeds 20`: exit code 3 when any run ends differently.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.demo.running import run

BROKEN = 3


def main() -> int:
    """Run them one after the other; one line each."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=25)
    words.add_argument("--seeds", type=int, default=20)
    words.add_argument("--first", type=int, default=1)
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="unseen-kills-") as folder:
        calm = run(Path(folder) / "calm")
        print(f"undisturbed: exit {calm.code}, ending {calm.ending}", flush=True)
        differing = calm.code != 0
        for seed in range(given.first, given.first + given.seeds):
            began = time.monotonic()
            ended = run(Path(folder) / str(seed), "--kill-worker", str(given.kills), "--seed", str(seed))
            same = ended.code == 0 and ended.ending == calm.ending and ended.result["kills"] == given.kills
            differing |= not same
            verdict = "same" if same else f"DIFFERENT (exit {ended.code}, promises {ended.broken})"
            took_s = time.monotonic() - began
            print(
                f"seed {seed}: {ended.result.get('kills')} kills, ending {ended.ending}: {verdict}, {took_s:.0f} s",
                flush=True,
            )
    return BROKEN if differing else 0


if __name__ == "__main__":
    sys.exit(main())
