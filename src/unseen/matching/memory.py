"""How much memory this process may take for copies of its own. A wrong guess costs speed, never an answer."""

from contextlib import suppress
from pathlib import Path

_GROUP = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current"))


def available_bytes() -> int:
    """What the system has free or can free, less where a container may use less. 0 where that cannot be read."""
    free = 0
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                free = int(line.split()[1]) * 1024
        limit, used = (path.read_text().strip() for path in _GROUP)  # a group without a limit says "max"
        if limit != "max":
            free = min(free, int(limit) - int(used))
    return free
