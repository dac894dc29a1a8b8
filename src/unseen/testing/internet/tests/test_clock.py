"""A file clock is read by another process, never goes back, and says what is wrong with it."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from unseen.testing.clock import ClockError, FileClock, SystemClock

NOON = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_reader_sees_what_the_owner_set_to_the_microsecond(tmp_path: Path) -> None:
    owner, reader = FileClock(tmp_path / "clock"), FileClock(tmp_path / "clock")
    owner.set(NOON)
    assert reader.now() == NOON
    owner.set(NOON + timedelta(days=9))
    assert reader.now() == NOON + timedelta(days=9)
    assert reader.now().tzinfo is UTC


def test_another_process_reads_the_same_instant(tmp_path: Path) -> None:
    FileClock(tmp_path / "clock").set(NOON)
    code = (
        "import sys; from unseen.testing.clock import FileClock as F; print(F(sys.argv[1]).now().isoformat())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "clock")]
    assert (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == NOON.isoformat()
    )


def test_time_never_runs_backwards(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock")
    clock.set(NOON)
    with pytest.raises(ClockError, match="back"):
        FileClock(tmp_path / "clock").set(NOON - timedelta(seconds=1))
    assert clock.now() == NOON


def test_a_naive_instant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClockError, match="time zone"):
        FileClock(tmp_path / "clock").set(NOON.replace(tzinfo=None))


@pytest.mark.parametrize("content", [None, b"", b"1234"])
def test_a_missing_or_short_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "clock").write_bytes(content)
    with pytest.raises(ClockError, match="no clock in"):
        FileClock(tmp_path / "clock").now()


def test_the_machines_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC
