"""A command on a machine where nothing ran yet, or whose database is none, ends with a sentence and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each command starts Django


def unseen(data_dir: Path, *words: str, output: str = os.devnull) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["UNSEEN_DATA_DIR"] = str(data_dir)
    command = [sys.executable, "-c", "from unseen.cli import main; main()", *words]
    with Path(output).open("w", encoding="utf-8") as written:
        return subprocess.run(
            command, env=environment, stdout=written, stderr=subprocess.PIPE, text=True, check=False
        )


def test_an_item_is_looked_for_before_anything_ran(tmp_path: Path) -> None:
    done = unseen(tmp_path, "explain", "1")
    assert done.returncode == 2
    assert done.stderr.startswith("there is no item '1'")


@pytest.mark.parametrize("words", [["doctor"], ["worker"], ["withdraw", "x"]])
def test_a_database_that_is_none_is_named(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "unseen.sqlite3").write_bytes(b"no database" * 1000)
    done = unseen(tmp_path, *words)
    assert done.returncode == 1
    assert "the database cannot be used (file is not a database): check" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_behind_the_output_is_named(tmp_path: Path) -> None:
    done = unseen(tmp_path, "fingerprint", "--json", "none.jpg", output="/dev/full")
    assert done.returncode == 1
    assert done.stderr == "the output: No space left on device: make room and run it again\n"
