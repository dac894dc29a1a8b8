"""Promise of docs/bank-format.md: what was acknowledged is there after any fault, or the fault is named."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import bank


@pytest.mark.parametrize("rounds", [3, pytest.param(12, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_loses_nothing_and_brings_nothing_back(tmp_path: Path, rounds: int) -> None:
    assert bank.kill_rounds(tmp_path / "bank", rounds=rounds, seed=rounds) > 0


@pytest.mark.slow
def test_an_append_torn_at_any_byte_was_never_written(tmp_path: Path) -> None:
    assert bank.torn_appends(tmp_path / "bank") == 64 + 3 * 40


def test_a_cut_or_a_flipped_bit_anywhere_is_never_believed(tmp_path: Path) -> None:
    assert bank.cuts_and_flips(tmp_path / "bank", step=97) > 100


@pytest.mark.slow
def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    """In a process of its own: a limit on the size of files stands for the disk."""
    script = "import sys; from pathlib import Path; from tests.faults import bank; print(bank.full_disk(Path(sys.argv[1]), 397))"
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "bank"], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 5
