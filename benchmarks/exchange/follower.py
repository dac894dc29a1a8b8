"""The measured process: a follower that says after each turn how long it took and how much memory it has needed."""

import json
import re
import resource
import sys
import time
from pathlib import Path

from unseen.replica.ask import Asking
from unseen.replica.clock import system_instant
from unseen.replica.follow import Follower
from unseen.replica.peer import read_peer


def main() -> None:
    folder = Path(sys.argv[1])
    begun = (time.monotonic(), 0.0)
    with Asking(read_peer(folder)) as asking:
        follower = Follower(folder, asking, system_instant)
        say(begun, follower)
        while sys.stdin.readline():
            begun = (time.monotonic(), time.process_time())
            follower.turn()
            say(begun, follower)


def say(begun: tuple[float, float], follower: Follower) -> None:
    status = Path("/proc/self/status").read_text()
    own_kb = int(re.findall(r"RssAnon:\s+(\d+)", status)[0])
    facts = {
        "seconds": round(time.monotonic() - begun[0], 2),
        "lines": follower.store.state.size,
        "trouble": follower.health.trouble,
        "memory_max_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "own_memory_now_mb": own_kb // 1024,
        "cpu_seconds": round(time.process_time() - begun[1], 1),
    }
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


main()
