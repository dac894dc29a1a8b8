"""A backup comes back whole, and a damaged one is refused by name."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each command starts Django


def unseen(data_dir: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["UNSEEN_DATA_DIR"] = str(data_dir)
    command = [sys.executable, "-c", "from unseen.cli import main; main()", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    migrate = "from unseen.cli.setup_django import setup_django as s; s(); "
    migrate += "from django.core.management import call_command as c; c('migrate', verbosity=0)"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["UNSEEN_DATA_DIR"] = str(folder / "data")
    subprocess.run([sys.executable, "-c", migrate], env=environment, check=True)
    done = unseen(folder / "data", "report", "--location", "https://site.example/p/1")
    assert done.returncode == 0, done.stderr
    done = unseen(folder / "data", "backup", str(folder / "all.tgz"))
    assert done.returncode == 0, done.stderr
    return folder / "all.tgz"


def test_a_backup_comes_back_whole(archive: Path, tmp_path: Path) -> None:
    done = unseen(tmp_path / "data", "restore", str(archive))
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "data" / "unseen.sqlite3") as database:
        assert database.execute("SELECT text FROM intake_reportedlocation").fetchall() == [
            ("https://site.example/p/1",)
        ]
    database.close()


def test_only_its_owner_can_read_it(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_filled_data_folder_is_not_overwritten(archive: Path) -> None:
    done = unseen(archive.parent / "data", "restore", str(archive))
    assert done.returncode == 1
    assert "restore into an empty" in done.stderr


def test_a_backup_that_fails_leaves_nothing_behind(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = unseen(archive.parent / "data", "backup", str(tmp_path / "folder"))
    assert done.returncode == 1
    assert "it is a folder: give the name of a file in it" in done.stderr
    done = unseen(archive.parent / "data", "backup", str(tmp_path / "none" / "all.tgz"))
    assert done.returncode == 1
    assert "No such file or directory: check the path" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("keep", [0, 10, 1000, -200])
def test_a_cut_backup_is_refused_by_name(archive: Path, tmp_path: Path, keep: int) -> None:
    cut = tmp_path / "cut.tgz"
    cut.write_bytes(archive.read_bytes()[:keep])
    done = unseen(tmp_path / "data", "restore", str(cut))
    assert done.returncode == 1
    assert str(cut) in done.stderr
    assert not (tmp_path / "data" / "unseen.sqlite3").exists()


def test_a_missing_backup_is_named(tmp_path: Path) -> None:
    done = unseen(tmp_path / "data", "restore", str(tmp_path / "none.tgz"))
    assert done.returncode == 1
    assert "there is no such file" in done.stderr
