"""A backup comes back whole, and a damaged one is refused by name."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
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


def with_the_centre_key(archive: Path, folder: Path) -> Path:
    """A new data folder into which somebody has put the centre's key."""
    (folder / "data").mkdir(mode=0o700)
    shutil.copy(archive.parent / "data" / "centre-key", folder / "data" / "centre-key")
    return folder / "data"


def locations(data_dir: Path) -> "subprocess.CompletedProcess[str]":
    """What the restored centre can read of its reports."""
    words = "from unseen.cli.setup_django import setup_django as s; s(); "
    words += (
        "from unseen.intake.models import ReportedLocation as R; print([one.text for one in R.objects.all()])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["UNSEEN_DATA_DIR"] = str(data_dir)
    return subprocess.run(
        [sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=False
    )


def test_a_backup_comes_back_whole(archive: Path, tmp_path: Path) -> None:
    data_dir = with_the_centre_key(archive, tmp_path)
    done = unseen(data_dir, "restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert locations(data_dir).stdout.strip() == "['https://site.example/p/1']"


def test_a_backup_alone_holds_no_key_and_no_location(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        inside = b"".join(tar.extractfile(one).read() for one in tar.getmembers())  # type: ignore[union-attr]
    keys = (archive.parent / "unseen-case-keys").read_text().splitlines()[1:-1]
    centre = (archive.parent / "data" / "centre-key").read_text().strip()
    assert len(keys) == 1
    for secret in (centre.encode(), bytes.fromhex(centre), bytes.fromhex(keys[0].split(" ")[1])):
        assert secret not in inside
    assert b"site.example/p/1" not in inside


def test_without_the_centre_key_nothing_is_restored(archive: Path, tmp_path: Path) -> None:
    done = unseen(tmp_path / "data", "restore", str(archive))
    assert done.returncode == 1
    assert "the centre's key is missing: put it back as" in done.stderr
    data_dir = with_the_centre_key(archive, tmp_path)
    (data_dir / "centre-key").write_text("00" * 32)
    done = unseen(data_dir, "restore", str(archive))
    assert done.returncode == 1
    assert "not the key that wrapped these case keys" in done.stderr
    assert not (data_dir / "unseen.sqlite3").exists()


def test_an_old_backup_with_new_keys_opens_no_report_that_was_withdrawn_since(
    archive: Path, tmp_path: Path
) -> None:
    data_dir = with_the_centre_key(archive, tmp_path)
    first = (archive.parent / "unseen-case-keys").read_text().splitlines()[0] + "\n"
    fewer = tmp_path / "keys"
    fewer.write_text(f"{first}{hashlib.sha256(first.encode()).hexdigest()}\n")
    done = unseen(data_dir, "restore", str(archive), "--keys", str(fewer))
    assert done.returncode == 0, done.stderr
    assert "1 reports have no case key any more" in done.stdout
    with sqlite3.connect(data_dir / "unseen.sqlite3") as database:
        withdrawn = database.execute(
            "SELECT withdrawn_at IS NOT NULL, unbanked_at IS NOT NULL FROM intake_report"
        )
        assert withdrawn.fetchall() == [(1, 1)]
    database.close()
    assert "KeyGone" in locations(data_dir).stderr


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
