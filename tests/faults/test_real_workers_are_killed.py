"""A share of `make kill-points` and of `--disk`, so that a broken harness or a broken engine is seen by the tests alone."""

import subprocess
import sys

import pytest

from tests.faults.real.shim import COMPILER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(COMPILER is None, reason="no C compiler to build the library of kill points with"),
]


def lives(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.real", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_sigkill_around_sends_changes_nothing() -> None:
    assert "12 lives with 12 SIGKILLs" in lives("--points", "12")


def test_a_full_or_broken_disk_changes_nothing() -> None:
    assert "10 lives with 0 SIGKILLs" in lives("--points", "10", "--disk", "--seed", "2")
