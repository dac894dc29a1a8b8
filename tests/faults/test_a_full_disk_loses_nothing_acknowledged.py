"""A disk that is full or broken: what was acknowledged is there afterwards, and what was not is refused in words."""

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.commands import environment, unseen
from tests.faults.real.shim import COMPILER
from unseen.matching import Bank

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(COMPILER is None, reason="no C compiler to build the failing disk with"),
]
PICTURE = str(Path("tests/vectors/images/bridge-mods/aaa-orig.jpg").resolve())
ERRORS = pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
POINTS_MAX = 2_000


def fails_at_each(run: Callable[[int], "subprocess.CompletedProcess[str]"], step: int) -> int:
    """Let the disk fail from each `step`-th write on until the command gets through; how often it was refused."""
    for refused, point in enumerate(range(1, POINTS_MAX, step)):
        done = run(point)
        if done.returncode == 0:
            return refused
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert done.stderr.strip(), "it failed without a word"
        assert any(cure in done.stderr for cure in ("room", "check", "choose another")), done.stderr
    raise AssertionError("it never gets through")


def reports_in(folder: Path) -> int:
    with sqlite3.connect(folder / "unseen.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(database.execute("SELECT count(*) FROM intake_report").fetchone()[0])


@ERRORS
def test_a_report_without_a_receipt_is_refused_in_words(error: int, tmp_path: Path) -> None:
    words = ["report", PICTURE, "--location", "http://prompt.test/p/1"]
    well = tmp_path / "well"
    assert unseen(words, well).returncode == 0
    data = tmp_path / "data"

    def run(point: int) -> "subprocess.CompletedProcess[str]":
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(well, data)
        done = unseen(words, data, point, error)
        acknowledged = done.stdout.count("receipt")
        assert reports_in(data) >= 1 + acknowledged
        assert acknowledged == (done.returncode == 0)
        return done

    assert fails_at_each(run, 29) >= 1
    assert unseen(words, data).returncode == 0


@ERRORS
def test_a_bank_that_cannot_be_written_is_as_it_was(error: int, tmp_path: Path) -> None:
    well, folder = tmp_path / "well", tmp_path / "bank"
    words = ["bank", "add", "--bank", str(folder), PICTURE]
    assert unseen(["bank", "add", "--bank", str(well), "--label", "first", PICTURE], tmp_path).returncode == 0
    before = len(Bank.open(well).ids())

    def run(point: int) -> "subprocess.CompletedProcess[str]":
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(well, folder)
        done = unseen(words, tmp_path, point, error)
        rows = Bank.open(folder).verify().rows
        assert rows > before if done.returncode == 0 else rows >= before
        return done

    assert fails_at_each(run, 7) >= 1
    assert unseen(words, tmp_path).returncode == 0


def test_a_backup_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    data, archive = tmp_path / "data", tmp_path / "backup"
    assert unseen(["report", PICTURE, "--location", "http://prompt.test/p/1"], data).returncode == 0
    assert unseen(["backup", str(archive)], data).returncode == 0
    old = archive.read_bytes()

    def run(point: int) -> "subprocess.CompletedProcess[str]":
        done = unseen(["backup", str(archive)], data, point, errno.ENOSPC)
        if done.returncode:
            assert archive.read_bytes() == old
            assert not archive.with_name("backup.new").exists()
        return done

    assert fails_at_each(run, 100) >= 1


def test_a_small_disk_that_fills_up_keeps_each_report_that_has_a_receipt(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", disk], check=False).returncode:
        pytest.skip("no right to mount a small disk here: the failing writes above stand for it")
    try:
        filing = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.full_disk"],
            env=environment(disk) | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert filing.stdin is not None
        assert filing.stdout is not None
        said = [json.loads(filing.stdout.readline())]
        while said[-1]["status"] == 201:
            said.append(json.loads(filing.stdout.readline()))
        assert said[-1]["status"] == 503
        assert "nothing of it was kept" in said[-1]["problem"]
        assert len(said) > 3
        subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True)
        last, _ = filing.communicate("\n")
        assert json.loads(last)["status"] == 201
        assert reports_in(disk) == len(said)  # the refused one is not there, and the last one is
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
