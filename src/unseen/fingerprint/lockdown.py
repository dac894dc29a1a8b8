"""Everything that a decoding child gives up before it sees its first file, and what the kernel at hand could not do."""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

from unseen.fingerprint import landlock, seccomp
from unseen.fingerprint.limits import CHILD_RESIDENT_BYTES_MAX

_SET_PARENT_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES = 1, 38


def lock_down(parent: int) -> dict[str, str]:
    """Confine this process. Returns each part's trouble, empty where the part holds.

    `parent`: the process id of who started us; if it is gone already, nobody wants an answer.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    troubles = {
        "ends with its parent": _control(libc, _SET_PARENT_DEATH_SIGNAL, signal.SIGKILL),
        "memory, file and core limits": _limit_resources(),
        "no new privileges": _control(libc, _SET_NO_NEW_PRIVILEGES, 1),
    }
    if os.getppid() != parent:
        sys.exit(0)
    troubles["reads only its own program (Landlock)"] = landlock.restrict(_own_folders())
    troubles["few system calls (seccomp)"] = seccomp.install()
    return {part: trouble or "" for part, trouble in troubles.items()}


def limit_time(seconds: float) -> None:
    """Processor seconds for the next file; SIGXCPU ends a child whose parent cannot."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _control(libc: ctypes.CDLL, option: int, value: int) -> str | None:
    return None if libc.prctl(option, value, 0, 0, 0) == 0 else os.strerror(ctypes.get_errno())


def _limit_resources() -> str | None:
    try:
        mapped, resident = memory_bytes()
        space = mapped + CHILD_RESIDENT_BYTES_MAX - resident
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError) as trouble:
        return str(trouble)
    return None


def memory_bytes() -> tuple[int, int]:
    """Mapped and resident bytes of this process."""
    pages = Path("/proc/self/statm").read_text().split()
    return int(pages[0]) * resource.getpagesize(), int(pages[1]) * resource.getpagesize()


def _own_folders() -> list[Path]:
    """Where late imports come from."""
    return [Path(entry) for entry in (*sys.path, sys.prefix, sys.base_prefix + "/lib") if entry]
