"""One platform's follower as the drill runs it: its wall clock is off by what a file says, and its waits may be shorter."""

import sys
import time
from pathlib import Path

from unseen.matching import BankError
from unseen.replica.ask import Asking
from unseen.replica.clock import Clock, Instant, system_instant
from unseen.replica.follow import Follower
from unseen.replica.peer import read_peer


def skewed(folder: Path) -> Clock:
    """The clock of the replica in this folder: seconds in the file beside it are added to the wall clock."""
    offset = folder.with_suffix(".offset")

    def clock() -> Instant:
        true = system_instant()
        return Instant(true.wall_s + float(offset.read_text()), true.steady_s, true.boot)

    return clock


def main() -> None:
    folder, speed = Path(sys.argv[1]), float(sys.argv[2])
    with Asking(read_peer(folder)) as asking:
        follower = Follower(folder, asking, skewed(folder))
        while True:
            try:
                time.sleep(follower.turn() / speed)
            except (BankError, OSError):
                follower.close()
                follower = Follower(folder, asking, skewed(folder))


if __name__ == "__main__":
    main()
