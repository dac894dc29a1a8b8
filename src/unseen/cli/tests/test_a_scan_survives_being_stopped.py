"""Ctrl-C, a kill, a dead child: the same command goes on, does nothing twice, and its output is the whole."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from unseen.fingerprint import Ask, Forms, fingerprint
from unseen.matching.labelled import LabelledBank
from unseen.testing.media import FOLDER as MEDIA

FILES = 80  # the lines of the last twenty do not fit into a pipe of one page
COMMAND = (str(Path(sys.executable).with_name("unseen")), "scan")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of different weight, all copies of one photograph, and two that are broken."""
    held = tmp_path / "held"
    held.mkdir()
    with Image.open(MEDIA / "photos" / "island.jpg") as photo:
        for number in range(FILES):
            photo.resize((300 + 15 * number, 300)).save(held / f"{number:03d}.jpg")
    (held / "010.jpg").write_bytes(b"")
    (held / "011.jpg").write_bytes((held / "012.jpg").read_bytes()[:3000])
    return held


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    kept = LabelledBank.open(tmp_path / "bank")
    kept.add([("island", fingerprint(MEDIA / "photos" / "island.jpg", Ask(forms=Forms.BANK)))])
    return tmp_path / "bank"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "unseen"


def started(folder: Path, bank: Path) -> "subprocess.Popen[str]":
    command = (*COMMAND, str(folder), "--bank", str(bank), "--json")
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def stopped(folder: Path, bank: Path, lines: int, number: signal.Signals) -> tuple[int, str]:
    """Let it write some lines, then send the signal to its whole group, as a terminal does."""
    running = started(folder, bank)
    assert running.stdout
    # A pipe of one page, read byte by byte: the scan waits for us, and cannot come to its end however long we wait for our turn.
    fcntl.fcntl(running.stdout, fcntl.F_SETPIPE_SZ, 4096)
    for _ in range(lines):
        while (byte := os.read(running.stdout.fileno(), 1)) != b"\n":
            assert byte
    os.killpg(running.pid, number)
    at = time.monotonic()
    _, said = running.communicate(timeout=30)
    assert time.monotonic() - at < 10
    return running.returncode, said


def done_before(said: str) -> int:
    return int(said.partition("stopped: ")[2].partition(" files")[0])


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_scan_that_was_stopped_at_random_times_tells_the_whole(
    folder: Path, bank: Path, state: Path, number: signal.Signals
) -> None:
    undisturbed = started(folder, bank).communicate()[0]
    assert len(undisturbed.splitlines()) == FILES
    assert list(state.iterdir()) == []
    draw = Random(int(number))  # noqa: S311 - where a test is stopped is no secret
    lines = [1, draw.randint(2, 15), draw.randint(16, 40)]
    for before, count in zip([0, *lines], lines, strict=False):
        code, said = stopped(folder, bank, count, number)
        assert code == (130 if number is signal.SIGINT else -signal.SIGKILL)
        assert ("the same command goes on" in said) == (number is signal.SIGINT)
        if before:
            assert before <= done_before(said)
    last = started(folder, bank)
    whole, said = last.communicate()
    assert (whole, last.returncode) == (undisturbed, 1)
    assert lines[-1] <= done_before(said) < FILES
    assert list(state.iterdir()) == []


@pytest.mark.slow
def test_a_bank_that_gained_an_entry_is_searched_for_every_file(
    folder: Path, bank: Path, state: Path
) -> None:
    stopped(folder, bank, 5, signal.SIGINT)
    LabelledBank.open(bank).add([("caps", fingerprint(MEDIA / "photos" / "caps.jpg", Ask(forms=Forms.BANK)))])
    whole, said = started(folder, bank).communicate()
    assert "the bank changed" in said
    assert len(whole.splitlines()) == FILES


@pytest.mark.slow
def test_killed_children_cost_a_file_each_and_not_the_run(folder: Path, bank: Path, state: Path) -> None:
    with started(folder, bank) as running:
        assert running.stdout
        first = running.stdout.readline()
        tasks = [task / "children" for task in Path(f"/proc/{running.pid}/task").iterdir()]
        pids = {int(pid) for task in tasks for pid in task.read_text().split()}
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        lines = [json.loads(line) for line in (first + running.stdout.read()).splitlines()]
    assert len(lines) == FILES
    killed = [line for line in lines if "signal 9" in line.get("error", {}).get("message", "")]
    assert len(killed) <= len(pids), "one that was idle costs nothing"
    assert pids
    assert running.returncode == 1
