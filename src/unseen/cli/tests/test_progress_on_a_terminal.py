"""A person at a terminal sees a bar; a file or a pipe gets the lines and nothing else."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from unseen.testing.media import FOLDER as MEDIA

UNSEEN = str(Path(sys.executable).with_name("unseen"))


def seen_on_a_terminal(command: list[str], stdout: int | None = None) -> str:
    """What the terminal shows of the command's error stream, and of its output unless that goes elsewhere."""
    ours, theirs = pty.openpty()
    wide = {**os.environ, "COLUMNS": "250"}  # no path is folded
    with subprocess.Popen(
        command, stdin=theirs, stderr=theirs, stdout=theirs if stdout is None else stdout, env=wide
    ) as running:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65_536):
                shown += part
        except OSError:  # Linux answers EIO when the other side has closed
            pass
        os.close(ours)
    assert running.returncode in (0, 1)
    return shown.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    held = tmp_path / "held"
    held.mkdir()
    (held / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    (held / "island.jpg").write_bytes((MEDIA / "photos" / "island.jpg").read_bytes())
    return held


@pytest.mark.slow
@pytest.mark.parametrize("json", [["--json"], []])
def test_lines_meant_for_a_file_do_not_end_on_the_terminal(
    folder: Path, tmp_path: Path, json: list[str]
) -> None:
    with (tmp_path / "lines").open("wb") as file:
        shown = seen_on_a_terminal([UNSEEN, "fingerprint", str(folder), *json], file.fileno())
    assert re.search(r"\d (of 2 )?files", shown)
    assert "island" not in shown
    assert "island" in (tmp_path / "lines").read_text()
    assert "files" not in (tmp_path / "lines").read_text()


@pytest.mark.slow
def test_a_failure_is_told_above_the_bar_and_not_inside_it(folder: Path, tmp_path: Path) -> None:
    shown = seen_on_a_terminal([UNSEEN, "bank", "add", str(folder), "--bank", str(tmp_path / "bank")])
    (line,) = [line for line in re.split(r"\r|\n|\x1b\[2K", shown) if "broken.jpg" in line]
    assert line.startswith(str(folder))
    assert "1 files in the bank" in shown


@pytest.mark.slow
def test_a_pipe_gets_no_bar(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [UNSEEN, "fingerprint", str(folder), "--json"], capture_output=True, text=True, check=False
    )
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == ""
