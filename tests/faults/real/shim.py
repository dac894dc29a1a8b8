"""The small library that counts a process's writes where they leave for the kernel, and kills or fails at the n-th."""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("points.c")
BUILT_IN = Path(__file__).parents[3] / "build" / "faults"
EVER = 1 << 40
COMPILER = shutil.which("cc") if sys.platform == "linux" else None  # LD_PRELOAD is Linux's


class Mode(IntEnum):
    """What happens at a point: SIGKILL, half a write and then SIGKILL, or an error."""

    KILL = 1
    TEAR = 2
    FAIL = 3


@dataclass(frozen=True)
class Fate:
    """What happens at the points `first` to `last`, counted from 1. `error`: the errno of a failing disk."""

    mode: Mode = Mode.KILL
    first: int = EVER
    last: int = EVER
    error: int = 0


def library() -> Path:
    """The library, built once for its source. Raises FileNotFoundError where no C compiler is."""
    if COMPILER is None:
        raise FileNotFoundError(
            "no C compiler ('cc') on Linux: install one, as for the kernels (make native)"
        )
    text = SOURCE.read_bytes()
    built = BUILT_IN / f"points-{hashlib.sha256(text).hexdigest()[:16]}.so"
    if not built.exists():
        BUILT_IN.mkdir(parents=True, exist_ok=True)
        draft = built.with_suffix(f".{os.getpid()}")
        subprocess.run([COMPILER, "-O2", "-shared", "-fPIC", "-o", draft, SOURCE, "-ldl"], check=True)
        draft.replace(built)
    return built


def start_again_with_it(module: str, arguments: Sequence[str]) -> None:
    """Replace this process by one in which the library is loaded, unless it is."""
    path = str(library())
    if os.environ.get("LD_PRELOAD") != path:
        os.environ["LD_PRELOAD"] = path
        os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - ourselves, no shell


def arm(fate: Fate) -> None:
    """Count from now on, and let `fate` strike."""
    ctypes.CDLL(None).points_arm(
        int(fate.mode), ctypes.c_long(fate.first), ctypes.c_long(fate.last), fate.error
    )


@contextmanager
def elsewhere() -> Iterator[None]:
    """The block is not the worker's: nothing is counted, and no disk fails."""
    mode = ctypes.c_int.in_dll(ctypes.CDLL(None), "points_mode")
    before, mode.value = mode.value, 0
    try:
        yield
    finally:
        mode.value = before


def forgive() -> None:
    """There is room again: no later write fails."""
    ctypes.c_long.in_dll(ctypes.CDLL(None), "points_last").value = 0


@dataclass(frozen=True)
class Passed:
    """How many points a process passed, which of them were on a socket, and how many writes failed."""

    points: int
    struck: int
    on_a_line: tuple[int, ...]


def disarm() -> Passed:
    """Count no more."""
    loaded = ctypes.CDLL(None)
    points = ctypes.c_long.in_dll(loaded, "points_passed").value
    lines = ctypes.c_int.in_dll(loaded, "points_lines").value
    places = (ctypes.c_long * 256).in_dll(loaded, "points_on_a_line")
    ctypes.c_int.in_dll(loaded, "points_mode").value = 0
    struck = ctypes.c_int.in_dll(loaded, "points_struck").value
    return Passed(points, struck, tuple(places[:lines]))
