from pathlib import Path

import pytest

from unseen.config.data_folder import KEY_FILE, secret_key
from unseen.config.options import OptionError, load


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    options = load({"UNSEEN_DATA_DIR": str(tmp_path / "data")})
    key = secret_key(options)
    assert len(key) >= 50
    assert secret_key(options) == key
    assert (tmp_path / "data" / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in (tmp_path / "data").iterdir()] == [KEY_FILE]


def test_a_key_from_the_environment_leaves_no_file(tmp_path: Path) -> None:
    options = load({"UNSEEN_DATA_DIR": str(tmp_path), "UNSEEN_SECRET_KEY": "k" * 64})
    assert secret_key(options) == "k" * 64
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("abc")
    with pytest.raises(OptionError, match="damaged"):
        secret_key(load({"UNSEEN_DATA_DIR": str(tmp_path)}))


def test_a_data_folder_below_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OptionError, match="UNSEEN_DATA_DIR: the folder"):
        secret_key(load({"UNSEEN_DATA_DIR": str(tmp_path / "file" / "data")}))
